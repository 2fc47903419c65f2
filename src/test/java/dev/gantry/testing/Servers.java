package dev.gantry.testing;

import dev.gantry.embedded.KafkaServer;
import dev.gantry.embedded.PostgresServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Real PostgreSQL and Kafka, started once per JVM on free ports, stopped when it ends. Quarkus
 * loads the tests of each profile anew, so the servers are known by system properties and not by a
 * static field; what must not be shared between applications is a database of its own in that
 * server.
 */
public final class Servers {
  private static final String POSTGRES = "gantry.test.postgres-port";
  private static final String KAFKA = "gantry.test.kafka";
  private static Servers known;

  private final String database;
  private final String kafka;

  private Servers(String database, String kafka) {
    this.database = database;
    this.kafka = kafka;
  }

  public static synchronized Servers get() {
    if (known == null) {
      try {
        if (System.getProperty(KAFKA) == null) {
          start();
        }
        known = new Servers(newDatabase(), System.getProperty(KAFKA));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException("cannot create a database for the tests", e);
      }
    }
    return known;
  }

  private static void start() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    Path data = Files.createTempDirectory(Files.createDirectories(target.resolve("servers")), "s");
    PostgresServer postgres =
        PostgresServer.start(data.resolve("postgres"), 0, data.resolve("postgres.log"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres)));
    KafkaServer kafka =
        KafkaServer.start(
            target.resolve("embedded/kafka"),
            data.resolve("kafka"),
            freePort(),
            data.resolve("kafka.log"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(kafka)));
    System.setProperty(POSTGRES, Integer.toString(postgres.port()));
    System.setProperty(KAFKA, kafka.address());
  }

  private static String newDatabase() throws SQLException {
    String name = "t_" + UUID.randomUUID().toString().replace("-", "");
    int port = Integer.getInteger(POSTGRES);
    PGSimpleDataSource server = new PGSimpleDataSource();
    server.setPortNumbers(new int[] {port});
    server.setUser(PostgresServer.USER);
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return "127.0.0.1:" + port + "/" + name;
  }

  private static void stop(Closeable server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that was free a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** {@code host:port/database}, of this class loader alone. */
  public String database() {
    return database;
  }

  public String databaseUser() {
    return PostgresServer.USER;
  }

  public String kafka() {
    return kafka;
  }
}
