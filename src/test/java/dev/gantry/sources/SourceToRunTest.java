package dev.gantry.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.GitServer;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of a definition: from a push, over Git's HTTP, to what runs. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SourceToRunTest {
  private static final String TOOLS =
      """
      tools:
        - name: say
          description: Says a word
          content: echo "one $word"
          args: [{name: word, required: true}]
      """;
  private static final String WORKFLOW =
      """
      name: tour
      params: {who: nobody}
      steps:
        - {name: greet, command: 'echo "one ${who}"'}
      """;

  private final TestOrganization mine = TestOrganization.create("OPERATOR");
  @TempDir Path folder;

  private Response tool() {
    return mine.json()
        .body("{\"name\": \"say\", \"args\": {\"word\": \"hello\"}}")
        .post("/api/v1/tools/execute?wait=30s");
  }

  private Response workflow() {
    return mine.json()
        .body("{\"workflow\": \"tour\", \"source\": \"Devops\", \"variables\": {\"who\": \"Ada\"}}")
        .post("/api/v1/workflows/execute?wait=30s");
  }

  @Test
  void whatWasPushedRunsOnceItIsScannedAndWhatRanKeepsItsCommit() throws Exception {
    try (GitServer git = new GitServer(folder)) {
      String first = git.push(Map.of("a/tools.yaml", TOOLS, "a/tour.yaml", WORKFLOW));
      String uuid =
          TestSources.scanned(
              mine,
              "{\"name\": \"Devops\", \"type\": \"git\", \"url\": \"%s\"}".formatted(git.url()));

      Response said = tool();
      Response toured = workflow();

      said.then().body("output", equalTo("one hello")).body("commit", equalTo(first));
      toured
          .then()
          .body("steps[0].output", equalTo("one Ada"))
          .body("workflow.commit", equalTo(first))
          .body("workflow.source", equalTo("Devops"));

      String second =
          git.push(
              Map.of(
                  "a/tools.yaml", TOOLS.replace("one", "two"),
                  "a/tour.yaml", WORKFLOW.replace("one", "two")));
      tool().then().body("output", equalTo("one hello"));
      TestSources.sync(mine, uuid);

      tool().then().body("output", equalTo("two hello")).body("commit", equalTo(second));
      workflow()
          .then()
          .body("steps[0].output", equalTo("two Ada"))
          .body("workflow.commit", equalTo(second));
      assertThat(second).isNotEqualTo(first);
      mine.json()
          .get("/api/v1/tools/executions/" + said.path("execution_id"))
          .then()
          .body("commit", equalTo(first))
          .body("output", equalTo("one hello"));
      mine.json()
          .get("/api/v1/workflows/executions/" + toured.path("execution_id"))
          .then()
          .body("workflow.commit", equalTo(first));
    }
  }
}
