package dev.gantry.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import dev.gantry.platform.Sha256;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that steps keep, from the runner to the caller and back to a runner. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ArtifactsTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private ValidatableResponse execute(String definition, Map<String, String> variables) {
    return mine.json()
        .body(Map.of("definition", definition, "variables", variables))
        .post("/api/v1/workflows/execute?wait=60s")
        .then();
  }

  private static String id(ValidatableResponse answer) {
    return answer.extract().path("execution_id");
  }

  private Response content(String execution, String step, String path) {
    return mine.json()
        .queryParam("step", step)
        .queryParam("path", path)
        .get(EXECUTIONS + execution + "/artifacts/content");
  }

  @Test
  void aStepKeepsFilesThatAnybodyCanGet() {
    String id =
        id(
            execute(
                    """
                    name: build
                    steps:
                      - name: make
                        artifacts: [app.txt, "reports/*.xml"]
                        command: >-
                          mkdir reports; echo one >app.txt; echo '<a/>' >"reports/a b.xml"; echo no >rest
                      - {name: check, command: "false", artifacts: app.txt}
                    """,
                    Map.of())
                .body("steps[0].status", equalTo("completed")));

    ValidatableResponse list =
        mine.json().get(EXECUTIONS + id + "/artifacts").then().statusCode(200);
    list.body("total", equalTo(3))
        .body("artifacts.step", equalTo(List.of("make", "make", "check")))
        .body("artifacts.path", equalTo(List.of("app.txt", "reports/a b.xml", "app.txt")))
        .body("artifacts[0].size", equalTo(4))
        .body(
            "artifacts[0].sha256",
            equalTo(HexFormat.of().formatHex(Sha256.of("one\n".getBytes(UTF_8)))))
        .body("artifacts.attempt", everyItem(equalTo(1)));
    Response file =
        mine.json().urlEncodingEnabled(false).get(list.extract().<String>path("artifacts[1].url"));
    file.then()
        .statusCode(200)
        .contentType("application/octet-stream")
        .header("Content-Length", "5")
        .header("X-Content-Type-Options", "nosniff")
        .header(
            "Content-Disposition", "attachment; filename=\"a_b.xml\"; filename*=UTF-8''a%20b.xml");
    assertThat(file.asString()).isEqualTo("<a/>\n");
    mine.json()
        .get(EXECUTIONS + id + "/artifacts?step=make&limit=1&offset=1")
        .then()
        .body("total", equalTo(2))
        .body("artifacts.path", equalTo(List.of("reports/a b.xml")));
  }

  @Test
  void nobodyElseSeesThemAndWhatIsNotThereIsSaid() {
    String id =
        id(execute("{name: w, steps: [{name: a, command: echo x >f, artifacts: f}]}", Map.of()));

    TestOrganization.create("ADMIN")
        .json()
        .get(EXECUTIONS + id + "/artifacts")
        .then()
        .statusCode(404);
    content(id, "a", "g").then().statusCode(404).body("error.code", equalTo("NOT_FOUND"));
    content(id, "b", "f").then().statusCode(404);
    mine.json()
        .get(EXECUTIONS + id + "/artifacts/content?step=a")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("path"));
    mine.json()
        .get(EXECUTIONS + id + "/artifacts?step=b")
        .then()
        .statusCode(200)
        .body("artifacts", hasSize(0));
  }

  @Test
  void aFileOfSeveralPiecesIsWhole() {
    String id =
        id(
            execute(
                    """
                    {name: w, steps: [{name: a, command: "yes 0123456789 | head -c 3000001 >f; : >empty",
                      artifacts: [f, empty]}]}
                    """,
                    Map.of())
                .body("status", equalTo("completed")));

    byte[] bytes = content(id, "a", "f").asByteArray();
    assertThat(bytes).hasSize(3_000_001);
    String expected = "0123456789\n".repeat(300_000).substring(0, 3_000_001);
    assertThat(new String(bytes, UTF_8)).isEqualTo(expected);
    assertThat(content(id, "a", "empty").then().statusCode(200).extract().asByteArray()).isEmpty();
  }

  @Test
  void aStepThatDoesNotMakeItsFileFails() {
    execute(
            "{name: w, steps: [{name: a, command: 'true', artifacts: 'target/*.jar'},"
                + "{name: b, command: 'true'}]}",
            Map.of())
        .body("status", equalTo("failed"))
        .body(
            "steps[0].error",
            containsString("nothing in the work directory matches 'target/*.jar'"))
        .body("steps[1].status", equalTo("skipped"));
  }

  @Test
  void moreThanTheDatabaseTakesIsRefusedWithWhatToDo() {
    execute(
            "{name: w, steps: [{name: a, artifacts: big, command: head -c 34000000 /dev/zero >big}]}",
            Map.of())
        .body("status", equalTo("failed"))
        .body("steps[0].error", containsString("GANTRY_ARTIFACTS_BUCKET"));
  }

  /** Its work directory is a new one: what it takes over is put there. */
  @Test
  void aRerunFindsWhatTheStepsThatItTakesOverHaveKept() {
    String definition =
        """
        name: w
        steps:
          - {name: make, command: "printf '#!/bin/sh\\necho made' >tool; chmod +x tool", artifacts: tool}
          - {name: use, command: "test $OK = yes && ./tool && rm tool", output: OUT}
          - {name: last, command: "./tool"}
        """;
    String failed = id(execute(definition, Map.of("OK", "no")).body("status", equalTo("failed")));
    String again = failed;
    for (String ok : List.of("no", "yes")) {
      again =
          mine.json()
              .body(Map.of("variables", Map.of("OK", ok)))
              .post(EXECUTIONS + again + "/rerun?wait=30s")
              .then()
              .body("status", equalTo(ok.equals("yes") ? "completed" : "failed"))
              .extract()
              .path("execution_id");
    }
    mine.json()
        .get(EXECUTIONS + again)
        .then()
        .body("steps.output", hasItems("made"))
        .body("steps[2].status", equalTo("completed"));
    mine.json()
        .get(EXECUTIONS + again + "/artifacts")
        .then()
        .body("artifacts.path", equalTo(List.of("tool")));
    assertThat(content(again, "make", "tool").asString()).contains("echo made");
  }
}
