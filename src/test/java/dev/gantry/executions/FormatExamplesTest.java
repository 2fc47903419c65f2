package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.OtherServer;
import dev.gantry.testing.ShellHost;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
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
  private static final Pattern NEEDS = Pattern.compile("needs (\\S+)");
  private static final Pattern STEP = Pattern.compile("step (\\S+) (\\w+)");
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private static final GreenMail MAILS =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private static OtherServer server;
  private static ShellHost host;

  @BeforeAll
  static void haveOthers() throws IOException {
    server = new OtherServer();
    MAILS.start();
    MAILS.setUser("gantry", "not-a-password");
    host = new ShellHost();
    OpenAiServer.shared().answer("triage", a -> ScriptedAnswer.text("{\"severity\": \"high\"}"));
  }

  @AfterAll
  static void closeThem() throws IOException {
    MAILS.stop();
    server.close();
    host.close();
  }

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

  @BeforeEach
  void haveSecrets() {
    secret("STATUS_TOKEN", "not-a-token");
    secret("SMTP_PASSWORD", "not-a-password");
    secret("DEPLOY_KEY", host.privateKey());
  }

  private void secret(String name, String value) {
    mine.json()
        .body(Map.of("name", name, "value", value))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);
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
    assumeHas(example);
    String yaml = example.group(3);
    String definition =
        (yaml.startsWith("name:") ? yaml : "name: example\nsteps:\n" + yaml)
            .replace("https://tools.example.com", server.url());

    List<MatchResult> approvals = APPROVE.matcher(example.group(2)).results().toList();
    Response answer =
        mine.json()
            .body(
                Map.of(
                    "type", "inline", "definition", definition, "variables", whereTheOthersAre()))
            .post("/api/v1/workflows/execute" + (approvals.isEmpty() ? "?wait=30s" : ""));
    for (MatchResult approval : approvals) {
      approve(answer.path("execution_id"), approval.group(1));
    }
    if (!approvals.isEmpty()) {
      answer = mine.json().get(EXECUTIONS + answer.path("execution_id") + "?wait=30s");
    }
    check(example, answer);
  }

  /** Who builds this needs nothing but a JDK: the others' programs may be missing there. */
  private static void assumeHas(MatchResult example) {
    NEEDS
        .matcher(example.group(2))
        .results()
        .map(needed -> needed.group(1))
        .forEach(
            program ->
                Assumptions.assumeTrue(
                    Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not on the PATH"));
  }

  private static Map<String, String> whereTheOthersAre() {
    return Map.of(
        "STATUS", server.url(),
        "HOST", "127.0.0.1",
        "PORT", Integer.toString(host.port()),
        "SMTP_HOST", "127.0.0.1",
        "SMTP_PORT", Integer.toString(MAILS.getSmtp().getPort()),
        "KNOWN_HOST", host.knownHost());
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
