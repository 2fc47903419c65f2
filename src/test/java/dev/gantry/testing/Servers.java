package dev.gantry.testing;

import dev.gantry.embedded.KafkaServer;
import dev.gantry.embedded.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real PostgreSQL and Kafka, started once per JVM on free ports, stopped when it ends. */
public final class Servers {
  private static Servers running;

  private final PostgresServer postgres;
  private KafkaServer kafka;

  private Servers() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    Path data = Files.createTempDirectory(Files.createDirectories(target.resolve("servers")), "s");
    postgres = PostgresServer.start(data.resolve("postgres"), 0, data.resolve("postgres.log"));
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    kafka =
        KafkaServer.start(
            target.resolve("embedded/kafka"),
            data.resolve("kafka"),
            freePort(),
            data.resolve("kafka.log"));
  }

  public static synchronized Servers get() {
    if (running == null) {
      try {
        running = new Servers();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return running;
  }

  /** A port that was free a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public String database() {
    return postgres.address();
  }

  public String databaseUser() {
    return PostgresServer.USER;
  }

  public String kafka() {
    return kafka.address();
  }

  private void stop() {
    try {
      if (kafka != null) {
        kafka.close();
      }
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
