package dev.gantry.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.StoreServer;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The same with an object store, which takes what the database does not. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(ArtifactsInStoreTest.WithStore.class)
class ArtifactsInStoreTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final Duration SOON = Duration.ofSeconds(20);
  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @Inject ObjectStore store;
  @Inject StoredArtifacts elsewhere;

  /** So that little lies in the database. */
  public static class WithStore implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(StoreServer.get().settings());
      settings.put("gantry.artifacts.database-limit", "100");
      return settings;
    }
  }

  private String execute(String definition) {
    return mine.json()
        .body(Map.of("definition", definition, "variables", Map.of("OK", "no")))
        .post("/api/v1/workflows/execute?wait=60s")
        .then()
        .extract()
        .path("execution_id");
  }

  @Test
  void aLargeFileGoesThereAndComesBackAndGoesWithItsExecution() {
    String id =
        execute(
            """
            name: w
            steps:
              - {name: make, artifacts: [big, little], command: "yes | head -c 2000000 >big; echo x >little"}
              - {name: use, command: "wc -c <big; cmp -n 2 big big; test $OK = yes", output: OUT}
            """);
    UUID execution = UUID.fromString(id.substring("exec-".length()));
    String key = new ArtifactId(execution, 0, 1, "big").storeKey();
    assertThat(store.size(key).await().atMost(SOON)).isEqualTo(OptionalLong.of(2_000_000));
    String little = new ArtifactId(execution, 0, 1, "little").storeKey();
    assertThat(store.size(little).await().atMost(SOON)).isEmpty();

    Response content = mine.json().get(EXECUTIONS + id + "/artifacts/content?step=make&path=big");
    content.then().statusCode(200).header("Content-Length", "2000000");
    assertThat(content.asByteArray()).hasSize(2_000_000).startsWith('y', '\n');

    mine.json()
        .body(Map.of("variables", Map.of("OK", "yes")))
        .post(EXECUTIONS + id + "/rerun?wait=30s")
        .then()
        .body("status", equalTo("completed"))
        .body("steps.output", hasItem("2000000"));

    elsewhere
        .remove(execution, new UUID(execution.getMostSignificantBits() + 1, 0))
        .await()
        .atMost(SOON);
    assertThat(store.size(key).await().atMost(SOON)).isEmpty();
  }
}
