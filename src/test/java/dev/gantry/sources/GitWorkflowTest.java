package dev.gantry.sources;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workflows out of Git repositories, as they stand at a commit that is pinned and shown. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class GitWorkflowTest {
  private static final String HELLO =
      "name: hello\nparams: {who: nobody}\nsteps:\n  - {name: greet, command: 'echo hi ${who}'}\n";

  @TempDir Path folder;

  private String commit(Map<String, String> files) throws IOException, GitAPIException {
    try (Git git = Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call()) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = folder.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      git.add().addFilepattern(".").call();
      return git.commit()
          .setMessage("test")
          .setAuthor("test", "test@example.com")
          .setCommitter("test", "test@example.com")
          .setSign(false)
          .call()
          .name();
    }
  }

  private ValidatableResponse execute(String source) {
    return given()
        .header("Authorization", "Bearer " + GantryServers.KEY)
        .contentType("application/json")
        .body(Map.of("type", "git", "source", source, "variables", Map.of("who", "Ada")))
        .post("/api/v1/workflows/execute?wait=30s")
        .then();
  }

  private String url() {
    return "file://" + folder;
  }

  @Test
  void runsTheOnlyWorkflowAndPinsItsCommit() throws Exception {
    String commit = commit(Map.of("flows/hello.yaml", HELLO, "README.md", "steps: none"));

    execute(url())
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("steps[0].output", equalTo("hi Ada"))
        .body("workflow.name", equalTo("hello"))
        .body("workflow.source", equalTo(url()))
        .body("workflow.commit", equalTo(commit));
  }

  @Test
  void asksWhichOfSeveralAndTakesTheOneThatIsNamed() throws Exception {
    commit(Map.of("a.yaml", HELLO, "b/other.yaml", HELLO.replace("hello", "other")));

    execute(url())
        .statusCode(400)
        .body("error.details.error", containsString("name one of: a.yaml, b/other.yaml"));
    execute(url() + "/tree/main/b/other.yaml")
        .statusCode(200)
        .body("workflow.name", equalTo("other"));
  }

  @Test
  void saysWhatIsWrongWithASource() throws Exception {
    commit(Map.of("README.md", "nothing"));

    execute(url()).statusCode(400).body("error.details.error", containsString("no workflow"));
    execute(url() + "-elsewhere").statusCode(400);
    execute("ext::sh -c id").statusCode(400);
    execute("https://user:fake@localhost/a/b").statusCode(400);
    execute(url() + "/tree/-x/a.yaml").statusCode(400);
    execute("owner/../repo").statusCode(400);
  }

  @Test
  void followsNoLinkOutOfTheRepository() throws Exception {
    Path outside = Files.createTempFile("outside", ".yaml");
    Files.writeString(outside, HELLO);
    Files.createSymbolicLink(folder.resolve("link.yaml"), outside);
    commit(Map.of("README.md", "nothing"));

    execute(url()).statusCode(400).body("error.details.error", containsString("no workflow"));
    assertThat(outside).exists();
  }
}
