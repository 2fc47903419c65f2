package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.OtherServer;
import dev.gantry.testing.OtherServer.Asked;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Requests of steps, made by a real runner to a server; a runner's host has {@code curl}. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@EnabledIf("hasCurl")
class HttpStepTest {
  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final OtherServer server;

  HttpStepTest() throws IOException {
    server = new OtherServer();
  }

  static boolean hasCurl() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl")));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private ValidatableResponse request(String config, Map<String, String> variables) {
    String definition =
        "{name: w, steps: [{name: ask, output: OUT, executor: {type: http, config: %s}}]}";
    return mine.json()
        .body(Map.of("definition", definition.formatted(config), "variables", variables))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .statusCode(200);
  }

  @Test
  void sendsWhatIsSaid() {
    request(
            "{url: '${AT}/a?b=c', method: patch, headers: {X-Who: 'a \"b\" \\c $HOME'}, body: '${B}'}",
            Map.of("AT", server.url(), "B", "$(exit 1) `id` \"\n"))
        .body("status", equalTo("completed"))
        .body("steps[0].output", equalTo("{\"status\": 200}"));

    assertThat(server.asked()).hasSize(1);
    Asked asked = server.asked().get(0);
    assertThat(asked.method()).isEqualTo("PATCH");
    assertThat(asked.path()).isEqualTo("/a?b=c");
    assertThat(asked.headers()).contains("X-who: a \"b\" \\c $HOME\n");
    assertThat(asked.body()).isEqualTo("$(exit 1) `id` \"\n");
  }

  @Test
  void failsWithTheAnswer() {
    request("{url: '" + server.url() + "/status/404'}", Map.of())
        .body("status", equalTo("failed"))
        .body("steps[0].exit_code", equalTo(22))
        .body("steps[0].output", equalTo("{\"status\": 404}"));
  }

  @Test
  void goesWhereItIsSent() {
    request("{url: '" + server.url() + "/moved'}", Map.of()).body("status", equalTo("completed"));

    assertThat(server.asked()).extracting(Asked::path).containsExactly("/moved", "/status/200");
  }

  @Test
  void addsNoHeaderByALineBreakInAValue() {
    request(
            "{url: '" + server.url() + "', headers: {X-Who: '${WHO}'}}",
            Map.of("WHO", "me\r\nX-Admin: yes"))
        .body("status", equalTo("failed"))
        .body("steps[0].exit_code", equalTo(3));

    assertThat(server.asked()).isEmpty();
  }

  @Test
  void takesNoOptionOfCurlFromAValue() {
    for (String value : new String[] {"\"\noutput = stolen", "\" -o stolen", "a b"}) {
      request("{url: '" + server.url() + "/${V}'}", Map.of("V", value))
          .body("status", equalTo("failed"))
          .body("steps[0].exit_code", equalTo(3));
    }
    request("{url: 'file:///etc/passwd'}", Map.of())
        .body("status", equalTo("failed"))
        .body("steps[0].output", nullValue());

    assertThat(server.asked()).isEmpty();
  }

  @Test
  void sendsAWholeBodyOrNone() {
    request("{url: '" + server.url() + "', body: '${B}'}", Map.of("B", "x".repeat(140_000)))
        .body("status", equalTo("failed"));

    assertThat(server.asked()).isEmpty();
  }

  @Test
  void mayKnowSecretsAndTellsThemToNobodyElse() {
    mine.json()
        .body(Map.of("name", "TOKEN", "value", "not-a-token-4711"))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);
    String id =
        mine.json()
            .body(
                Map.of(
                    "definition",
                    "{name: w, secrets: [TOKEN], steps: [{name: ask, output: OUT, executor: {type: http,"
                        + " config: {url: '%s/t/${TOKEN}', headers: {X-T: '${TOKEN}'}}}}]}"
                            .formatted(server.url())))
            .post("/api/v1/workflows/execute?wait=30s")
            .then()
            .body("status", equalTo("completed"))
            .extract()
            .path("execution_id");

    assertThat(server.asked().get(0).headers()).contains("X-t: not-a-token-4711");
    assertThat(server.asked().get(0).path()).isEqualTo("/t/not-a-token-4711");
    mine.json()
        .get("/api/v1/workflows/executions/" + id)
        .then()
        .body("variables.TOKEN", nullValue());
  }
}
