package dev.gantry.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * PostgreSQL, Kafka and the application, each a process of its own, started side by side and
 * stopped in the order that loses nothing: the application, Kafka, PostgreSQL. Blocks.
 */
final class Installation implements Closeable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final DataDirectory directory;
  private final Build build;
  private final String runner;
  private PostgresServer database;
  private KafkaServer broker;
  private Process application;
  private int port;
  private String kafka;
  private String key;

  private Installation(DataDirectory directory, Build build, String runner) {
    this.directory = directory;
    this.build = build;
    this.runner = runner;
  }

  /**
   * Starts everything and waits until the API serves.
   *
   * @param runner the backend of the runner
   */
  static Installation start(
      DataDirectory directory, Build build, int port, int kafkaPort, String runner)
      throws IOException {
    Installation installation = new Installation(directory, build, runner);
    try {
      installation.startAll(
          port == 0 ? Ports.free() : port, kafkaPort == 0 ? Ports.free() : kafkaPort);
      return installation;
    } catch (IOException | RuntimeException e) {
      installation.close();
      throw e;
    }
  }

  /** The application boots while its servers do, and waits for the word that they are there. */
  private void startAll(int httpPort, int kafkaPort) throws IOException {
    port = httpPort;
    key = directory.adminKey();
    kafka = "127.0.0.1:" + kafkaPort;
    int databasePort = Ports.free();
    CompletableFuture<PostgresServer> startingDatabase = inBackground(() -> database(databasePort));
    CompletableFuture<KafkaServer> startingBroker = inBackground(() -> broker(kafkaPort));
    String address = PostgresServer.address(databasePort);
    startApplication(address);
    try {
      database = await(startingDatabase);
    } finally {
      broker = await(startingBroker);
    }
    tellApplication();
    awaitReady();
    Map<String, Object> addresses = new LinkedHashMap<>();
    addresses.put("url", url());
    addresses.put("kafka", kafka);
    addresses.put("database", address);
    addresses.put("key_file", directory.resolve("admin.key").toString());
    addresses.put("pid", ProcessHandle.current().pid());
    addresses.put("application_pid", application.pid());
    directory.writeAddresses(addresses);
  }

  private interface Start<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> inBackground(Start<T> start) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return start.run();
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
  }

  private static <T> T await(CompletableFuture<T> server) throws IOException {
    try {
      return server.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private PostgresServer database(int databasePort) throws IOException {
    return PostgresServer.start(
        directory.resolve("postgres"), databasePort, directory.log("postgres"));
  }

  private KafkaServer broker(int kafkaPort) throws IOException {
    return KafkaServer.start(build, directory.resolve("kafka"), kafkaPort, directory.log("kafka"));
  }

  private void startApplication(String database) throws IOException {
    List<String> flags = new ArrayList<>(build.applicationFlags());
    flags.add("-Dgantry.embedded=true");
    flags.add("-Dgantry.instance-id=embedded");
    flags.add("-Dgantry.database.url=" + database);
    flags.add("-Dgantry.database.username=" + PostgresServer.USER);
    flags.add("-Dgantry.kafka.bootstrap-servers=" + kafka);
    flags.add("-Dgantry.kafka.partitions=4");
    flags.add("-Dgantry.runner.backend=" + runner);
    flags.add("-Dgantry.runner.local.enabled=true");
    flags.add("-Dgantry.runner.local.directory=" + directory.resolve("runner"));
    flags.add("-Dgantry.runner.docker.directory=" + directory.resolve("runner-docker"));
    flags.add("-Dgantry.secrets.key-file=" + directory.resolve("secrets.key"));
    flags.add("-Dgantry.sources.allow-local=true");
    flags.add("-Dgantry.limits.enabled=false");
    flags.add("-Dgantry.network.allow=127.0.0.0/8,::1");
    flags.add("-Dquarkus.http.host=127.0.0.1");
    flags.add("-Dquarkus.http.port=" + port);
    ProcessBuilder builder =
        Children.java(
                flags,
                build.application().toString(),
                "io.quarkus.bootstrap.runner.AotQuarkusEntryPoint",
                List.of(),
                directory.log("gantry"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.log("gantry").toFile()));
    builder.environment().put("GANTRY_ADMIN_API_KEY", key);
    application = builder.start();
  }

  private void tellApplication() {
    try {
      application.getOutputStream().write('\n');
      application.getOutputStream().flush();
    } catch (IOException gone) {
      // It has ended, which is found and told by who waits for it to be ready.
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private void stopApplication() throws IOException {
    application.getOutputStream().close();
    try {
      if (!application.waitFor(build.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        application.destroyForcibly().waitFor(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      application.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      if (!application.isAlive()) {
        throw new IOException(
            "the application ended at its start; its log is " + directory.log("gantry"));
      }
      if (isReady(client, url())) {
        return;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    throw new IOException("the application is not ready; its log is " + directory.log("gantry"));
  }

  /** Something answers at this URL and says that it is ready. */
  static boolean isReady(HttpClient client, String url) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/q/health/ready"))
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()
          == HttpURLConnection.HTTP_OK;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  String kafka() {
    return kafka;
  }

  String key() {
    return key;
  }

  /** The application's process, so that its end can be watched. */
  Process application() {
    return application;
  }

  Path log() {
    return directory.log("gantry");
  }

  @Override
  public void close() throws IOException {
    if (application != null) {
      stopApplication();
    }
    if (broker != null) {
      broker.close();
    }
    if (database != null) {
      database.close();
    }
    directory.close();
  }
}
