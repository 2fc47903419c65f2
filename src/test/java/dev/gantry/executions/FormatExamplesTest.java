package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of the format's document is run as it stands there, and ends as it says. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class FormatExamplesTest {
  private static final Path DOCUMENT = Path.of("docs/workflow-format.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?s)<!-- ends (\\w+)([^>]*) -->\n```yaml\n(.*?)```");
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final Pattern APPROVE = Pattern.compile("approve ([\\w-]+)");
  private static final Pattern STEP = Pattern.compile("step (\\S+) (\\w+)");
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  /** What the examples run. */
  @BeforeEach
  void haveASource() {
    TestSources.scanned(
        mine,
        """
        {"name": "s", "type": "inline", "tools": [
          {"name": "greeter", "description": "Greets", "content": "echo hello $who",
           "args": [{"name": "who", "required": true}]}],
         "workflows": [
          {"name": "build", "params": {"BRANCH": ""}, "steps": [
            {"name": "a", "command": "echo $BRANCH-1", "output": "VERSION"}]}]}
        """);
  }

  static Stream<Named<MatchResult>> examples() throws IOException {
    return EXAMPLE
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(example -> Named.of(example.group(3).lines().findFirst().orElseThrow(), example));
  }

  @Test
  void saysOfEveryExampleHowItEnds() throws IOException {
    long all = Pattern.compile("```yaml").matcher(Files.readString(DOCUMENT)).results().count();

    assertThat(examples().count()).isEqualTo(all).isPositive();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void endsAsTheDocumentSays(MatchResult example) {
    String yaml = example.group(3);
    String definition = yaml.startsWith("name:") ? yaml : "name: example\nsteps:\n" + yaml;

    List<MatchResult> approvals = APPROVE.matcher(example.group(2)).results().toList();
    Response answer =
        mine.json()
            .body(Map.of("type", "inline", "definition", definition))
            .post("/api/v1/workflows/execute" + (approvals.isEmpty() ? "?wait=30s" : ""));
    for (MatchResult approval : approvals) {
      approve(answer.path("execution_id"), approval.group(1));
    }
    if (!approvals.isEmpty()) {
      answer = mine.json().get(EXECUTIONS + answer.path("execution_id") + "?wait=30s");
    }
    check(example, answer);
  }

  private void approve(String execution, String step) {
    Awaitility.await()
        .until(
            () ->
                mine.json()
                        .post(EXECUTIONS + execution + "/steps/" + step + "/approve")
                        .statusCode()
                    == 202);
  }

  private static void check(MatchResult example, Response answer) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    assertThat(answer.<String>path("status")).as(answer.asString()).isEqualTo(example.group(1));
    STEP.matcher(example.group(2))
        .results()
        .forEach(
            step ->
                assertThat(
                        answer.<String>path("steps.find {it.name == '%s'}.status", step.group(1)))
                    .as(step.group(1))
                    .isEqualTo(step.group(2)));
  }
}
