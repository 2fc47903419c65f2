package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.OtherServer;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys of steps, each with what it does: through the API and a real runner. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class StepKeysTest {
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @BeforeEach
  void haveASource() {
    TestSources.scanned(
        mine,
        """
        {"name": "s", "type": "inline", "tools": [
          {"name": "greeter", "description": "Greets", "content": "echo hello $who $COUNT",
           "args": [{"name": "who", "required": true},
                    {"name": "COUNT", "type": "integer", "default": 1}]}]}
        """);
  }

  private ValidatableResponse execute(String definition) {
    return mine.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/execute?wait=30s")
        .then();
  }

  private static String calling(String tool, String args) {
    return "{name: w, steps: [{name: a, output: OUT, executor: {type: tool, config: {tool_name: "
        + tool
        + ", args: "
        + args
        + "}}}]}";
  }

  @Test
  void runsTheToolWithItsDefaults() {
    execute(calling("greeter", "{who: you}"))
        .body("status", equalTo("completed"))
        .body("steps[0].output", equalTo("hello you 1"));
  }

  private static String fetching(String url) {
    return "{name: w, steps: [{name: a, output: OUT, executor: {type: tool, config: {tool_def:"
        + " {name: t, description: d, content_url: '"
        + url
        + "', args: [{name: team}]}, args: {team: x}}}}]}";
  }

  @Test
  void runsTheScriptThatWasAtItsAddressWhenItWasAccepted() throws IOException {
    try (OtherServer server = new OtherServer()) {
      execute(fetching(server.url() + "/tool.sh"))
          .body("status", equalTo("completed"))
          .body("steps[0].output", equalTo("fetched for x, x"));
      for (String path : List.of("/status/404", "/status/503", "/large.sh")) {
        execute(fetching(server.url() + path))
            .statusCode(400)
            .body("error.details.field", equalTo("content_url"))
            .body("error.details.error", containsString(path + " cannot be read: it "));
      }
      assertThat(server.asked()).hasSize(4);
    }
    execute(fetching("http://169.254.169.254/latest/meta-data/"))
        .statusCode(400)
        .body("error.details.error", containsString("169.254.169.254"));
    execute(fetching("file:///etc/passwd"))
        .statusCode(400)
        .body(
            "error.details.faults.place", hasItem("steps[0].executor.config.tool_def.content_url"));
  }

  @Test
  void runsAToolOfASourceByTheScriptAtItsAddress() throws IOException {
    try (OtherServer server = new OtherServer()) {
      TestSources.scanned(
          mine,
          """
          {"name": "remote", "type": "inline", "tools": [
            {"name": "remote", "description": "Is elsewhere", "content_url": "%s/tool.sh",
             "args": [{"name": "team"}]}]}
          """
              .formatted(server.url()));
      execute(calling("remote", "{team: y}")).body("steps[0].output", equalTo("fetched for y, y"));
      mine.json()
          .body(Map.of("name", "remote", "args", Map.of("team", "z")))
          .post("/api/v1/tools/execute?wait=30s")
          .then()
          .body("output", equalTo("fetched for z, z"));
    }
  }

  @Test
  void runsItForEachItem() {
    execute(
            """
            {name: w, steps: [{name: a, parallel: [x, y], output: OUT, executor: {type: tool,
             config: {name: greeter, args: {who: "${ITEM}", COUNT: 2}}}}]}
            """)
        .body("steps[0].output", equalTo("[\"hello x 2\",\"hello y 2\"]"));
  }

  @Test
  void saysThatThereIsNone() {
    execute(calling("gretter", "{}"))
        .statusCode(400)
        .body("error.details.field", equalTo("tool_name"))
        .body("error.details.error", containsString("no tool 'gretter'"));
  }

  @Test
  void checksTheCallBeforeAnythingRuns() {
    execute(calling("greeter", "{COUNT: many, hwo: x}"))
        .statusCode(400)
        .body("error.details.faults.place", hasItem("steps[0].executor.config.args.who"))
        .body("error.details.faults.place", hasItem("steps[0].executor.config.args.COUNT"))
        .body("error.details.faults.message", hasItem(containsString("hwo")));
  }

  @Test
  void keepsNoMoreOfAnOutputThanTheWorkflowSays() {
    execute("{name: w, maxOutputSize: 5, steps: [{name: a, output: OUT, command: echo 123456789}]}")
        .body("steps[0].output", equalTo("12345"))
        .body("steps[0].output_truncated", equalTo(true));
    execute("{name: w, maxOutputSize: 1048576, steps: [{name: a, output: OUT, command: echo 12}]}")
        .body("steps[0].output", equalTo("12"));
  }

  private String log(String execution) {
    return mine.json().get("/api/v1/workflows/executions/" + execution + "/logs").asString();
  }

  @Test
  void asksAProgramToEndByTheSignalThatItWants() {
    String id =
        execute(
                """
                {name: w, steps: [{name: a, timeout: 1, signalOnStop: SIGINT, command:
                  "trap 'echo interrupted; exit 7' INT; while :; do sleep 0.05; done"}]}
                """)
            .body("steps[0].status", equalTo("timed_out"))
            .body("steps[0].exit_code", equalTo(7))
            .extract()
            .path("execution_id");
    assertThat(log(id)).contains("interrupted");
  }

  @Test
  void keepsWhatAProgramWritesInFilesThatStayInTheWorkDirectory() {
    execute(
            """
            {name: w, steps: [
              {name: a, command: "echo out; echo err >&2", stdout: o.txt, stderr: "${E:-e.txt}"},
              {name: b, output: OUT, command: "cat o.txt e.txt"}]}
            """)
        .body("status", equalTo("completed"))
        .body("steps[1].output", equalTo("out\nerr"));
    execute("{name: w, steps: [{name: a, command: echo x, stdout: ../../x}]}")
        .body("status", equalTo("failed"))
        .body("error", containsString("leads out of the working directory"));
  }

  @Test
  void putsFilesWhereStepsFindThem() {
    execute(
            """
            name: w
            params: {A: of the caller}
            files: {dir/a.txt: "${A}", .env: "A=of the file\\nB='b c'"}
            dotenv: [.env]
            steps:
              - {name: change, command: echo other > dir/a.txt}
              - {name: read, dir: dir, output: OUT, command: 'echo "$(cat a.txt), $A, $B, ${B}"'}
            """)
        .body("status", equalTo("completed"))
        .body("steps[1].output", equalTo("of the caller, of the caller, b c, b c"));
  }

  @Test
  void refusesFilesThatLeadElsewhere() {
    execute("{name: w, files: {/etc/x: a}, steps: [{name: a, command: x}]}")
        .statusCode(400)
        .body("error.details.field", equalTo("files./etc/x"));
    execute("{name: w, files: {../x: a}, steps: [{name: a, command: x}]}")
        .body("status", equalTo("failed"))
        .body("error", containsString("leads out of the execution's work directory"));
    execute("{name: w, dotenv: none, steps: [{name: a, command: x}]}")
        .body("error", containsString("dotenv file none is not in"));
  }
}
