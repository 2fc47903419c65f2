package dev.gantry.secrets;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An installation that names no file with keys. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(SecretsWithoutKeysTest.WithoutKeys.class)
class SecretsWithoutKeysTest {
  private static final String SECRETS = "/api/v1/secrets";

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  /** Empty is as if it were not set. */
  public static class WithoutKeys implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gantry.secrets.key-file", "");
    }
  }

  @Test
  void saysWhichSettingToSet() {
    Stream.of(
            mine.json().get(SECRETS),
            mine.json().get(SECRETS + "/A"),
            mine.json().body("{\"name\": \"A\", \"value\": \"x\"}").post(SECRETS),
            mine.json().body("{\"value\": \"x\"}").put(SECRETS + "/A"),
            mine.json().delete(SECRETS + "/A"))
        .forEach(
            answer ->
                answer
                    .then()
                    .statusCode(503)
                    .body("error.code", equalTo("INTERNAL_ERROR"))
                    .body("error.message", containsString("gantry.secrets.key-file must name"))
                    .body("error.details.setting", equalTo("gantry.secrets.key-file")));
  }

  /** What the server could not do may be asked for again, with another body even. */
  @Test
  void givesIdempotencyKeysUp() {
    for (String name : List.of("A", "B")) {
      mine.json()
          .header("Idempotency-Key", "given-up")
          .body("{\"name\": \"" + name + "\", \"value\": \"x\"}")
          .post(SECRETS)
          .then()
          .statusCode(503);
    }
  }

  @Test
  void doesAllElse() {
    mine.json().body("{\"name\": \"a\"}").post("/api/v1/agents").then().statusCode(201);
    mine.json()
        .body("{\"name\": \"b\", \"secrets\": [\"A\"]}")
        .post("/api/v1/agents")
        .then()
        .statusCode(400)
        .body("error.details.error", equalTo("no secret 'A'"));
  }
}
