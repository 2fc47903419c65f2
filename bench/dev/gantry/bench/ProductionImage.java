package dev.gantry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.embedded.ImageProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * P14: what the image runs, with the roles that it has by default, on a PostgreSQL and a Kafka that
 * are there already: those of the {@code ./gantry} at hand, in a database and topics of its own. A
 * second process of the same image runs the steps; it does not count.
 */
final class ProductionImage implements Figure {
  private static final Measure READY = Measure.atMost("ready", 1.5, "s");
  private static final Measure FRESH = Measure.told("resident at first", "MiB");
  private static final Measure USED = Measure.atMost("resident after the executions", 350, "MiB");
  private static final Measure RATE = Measure.told("executions meanwhile", "1/s");

  private static final int EXECUTIONS = 10_000;
  private static final int AT_ONCE = 50;
  private static final int SETTLE_SECONDS = 5;
  private static final String DATABASE = "image";
  private static final String KEY = "gtk_bench-that-opens-nothing";

  /** The memory that the chart gives a pod. */
  private static final String MEMORY = "-XX:MaxRAM=1g";

  private final Path home;
  private final int executions;
  private Path image;
  private Path folder;

  ProductionImage(Path home, Effort effort) {
    this.home = home;
    this.executions = effort.of(EXECUTIONS);
  }

  @Override
  public String id() {
    return "P14";
  }

  @Override
  public String what() {
    return "the image's start on external servers; its memory after %,d executions"
        .formatted(executions);
  }

  @Override
  public List<Measure> measures() {
    return List.of(READY, FRESH, USED, RATE);
  }

  /** Lays the image's folder out, records a start as the image's build does, and migrates. */
  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    folder = Files.createDirectories(gantry.data().resolveSibling("image"));
    image = folder.resolve("gantry");
    run("docker/assemble", image.toString());
    if (Runtime.version().feature() >= 25) {
      run(
          Path.of(System.getProperty("java.home"), "bin/java").toString(),
          "-Dgantry.build.directory=" + home.resolve("target"),
          "-cp",
          home.resolve("target/gantry.jar") + ":" + home.resolve("target/embedded/launcher/*"),
          "dev.gantry.embedded.Recording",
          image.toString(),
          image.resolve("gantry.aot").toString());
    }
    createDatabase(gantry);
    try (ImageProcess first = server(gantry)) {
      first.awaitReady();
    }
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (ImageProcess server = server(gantry)) {
      server.awaitReady();
      double ready = (System.nanoTime() - begin) / 1e9;
      double fresh = resident(server);
      try (ImageProcess runner = runner(gantry, server)) {
        runner.awaitReady();
        double rate = execute(new Api(server.url(), KEY));
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        return Map.of(READY, ready, FRESH, fresh, USED, resident(server), RATE, rate);
      }
    }
  }

  private static double resident(ImageProcess process) throws IOException {
    return ProcessMemory.resident(process.process().toHandle()) / (double) (1 << 20);
  }

  /** Each of them one step; answers how many per second. */
  private double execute(Api api) throws IOException, InterruptedException {
    OneAtATime one = OneAtATime.chain(api, 1);
    AtomicInteger left = new AtomicInteger(executions);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      long begin = System.nanoTime();
      List<Future<Void>> loops = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        loops.add(
            threads.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    one.runOnce();
                  }
                  return null;
                }));
      }
      Futures.awaitAll(loops);
      return executions * 1e9 / (System.nanoTime() - begin);
    } finally {
      threads.shutdownNow();
    }
  }

  private ImageProcess server(Gantry gantry) throws IOException {
    JsonNode addresses = gantry.addresses();
    Map<String, String> environment = kafka(gantry);
    environment.put("GANTRY_ROLES", "api,engine");
    environment.put("GANTRY_ADMIN_API_KEY", KEY);
    environment.put("GANTRY_LIMITS_ENABLED", "false");
    environment.put("GANTRY_DATABASE_URL", database(addresses, DATABASE));
    environment.put("GANTRY_DATABASE_USERNAME", "postgres");
    return ImageProcess.start(image, environment, folder.resolve("server.log"));
  }

  private ImageProcess runner(Gantry gantry, ImageProcess server) throws IOException {
    Map<String, String> environment = kafka(gantry);
    environment.put("GANTRY_ROLES", "runner");
    environment.put("GANTRY_RUNNER_API_URL", server.url());
    environment.put("GANTRY_RUNNER_LOCAL_ENABLED", "true");
    environment.put("GANTRY_RUNNER_LOCAL_DIRECTORY", folder.resolve("runner").toString());
    return ImageProcess.start(image, environment, folder.resolve("runner.log"));
  }

  private static Map<String, String> kafka(Gantry gantry) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_OPTS", MEMORY);
    environment.put("GANTRY_KAFKA_BOOTSTRAP_SERVERS", gantry.addresses().path("kafka").asText());
    environment.put("GANTRY_KAFKA_TOPIC_PREFIX", DATABASE);
    environment.put("GANTRY_KAFKA_PARTITIONS", "4");
    return environment;
  }

  private static void createDatabase(Gantry gantry) throws IOException {
    String own = gantry.addresses().path("database").asText();
    try (Connection connection =
            DriverManager.getConnection("jdbc:postgresql://" + own, "postgres", "");
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + DATABASE);
    } catch (SQLException e) {
      throw new IOException("there is no database for the image: " + e.getMessage(), e);
    }
  }

  private static String database(JsonNode addresses, String name) {
    return addresses.path("database").asText().replaceFirst("/.*$", "/" + name);
  }

  private void run(String... command) throws IOException, InterruptedException {
    Path log = folder.resolve("build.log");
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    boolean ended = process.waitFor(Duration.ofMinutes(10).toSeconds(), TimeUnit.SECONDS);
    WrongResultException.require(
        ended && process.exitValue() == 0, command[0] + " failed", Files.readString(log));
  }
}
