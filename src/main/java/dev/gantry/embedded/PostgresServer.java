package dev.gantry.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * A PostgreSQL server of our own on 127.0.0.1, with a lasting data directory and its durability
 * switched on. Blocks.
 */
public final class PostgresServer implements Closeable {
  public static final String USER = "postgres";
  private static final String DATABASE = "gantry";
  private static final Duration START = Duration.ofMinutes(1);

  private final EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Starts on {@code port} (0 = any free one), after ending a server that a kill left behind. */
  public static PostgresServer start(Path data, int port, Path log) throws IOException {
    stopOrphan(data);
    Files.createDirectories(data);
    PostgresServer started = new PostgresServer(server(data, port, log));
    try {
      started.createDatabase();
    } catch (SQLException e) {
      started.close();
      throw new IOException("cannot create the database: " + e.getMessage(), e);
    }
    return started;
  }

  private static EmbeddedPostgres server(Path data, int port, Path log) throws IOException {
    try {
      return EmbeddedPostgres.builder()
          .setOverrideWorkingDirectory(programs(data).toFile())
          .setDataDirectory(data)
          .setCleanDataDirectory(false)
          .setRegisterShutdownHook(false)
          .setPort(port)
          .setPGStartupWait(START)
          .setServerConfig("listen_addresses", "127.0.0.1")
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("max_connections", "60")
          .setServerConfig("shared_buffers", "64MB")
          .setServerConfig("max_wal_size", "512MB")
          .setServerConfig("jit", "off")
          .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (RuntimeException | ExceptionInInitializerError e) {
      throw new IOException("PostgreSQL did not start: " + rootOf(e) + "; its log is " + log, e);
    }
  }

  private static Throwable rootOf(Throwable failure) {
    return failure.getCause() == null ? failure : rootOf(failure.getCause());
  }

  /**
   * Where the server's programs are unpacked, once for each data directory: beside it, so that no
   * other user and no cleaner of temporary files touches them. What a kill left half unpacked goes.
   */
  private static Path programs(Path data) throws IOException {
    Path programs = Files.createDirectories(data.resolveSibling("postgres-programs"));
    try (Stream<Path> unpacked = Files.list(programs)) {
      for (Path version : unpacked.filter(Files::isDirectory).toList()) {
        if (!Files.exists(version.resolve(".exists"))) {
          FileUtils.deleteDirectory(version.toFile());
        }
      }
    }
    return programs;
  }

  private void createDatabase() throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
      if (!found.next()) {
        statement.execute("create database " + DATABASE);
      }
    }
  }

  private static void stopOrphan(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> orphan =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0).trim()))
            .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    if (orphan.isPresent() && !ended(orphan.get(), orphan.get().destroy())) {
      ended(orphan.get(), orphan.get().destroyForcibly());
    }
    // What is left is the file of a server that is gone.
    Files.deleteIfExists(pidFile);
    Files.deleteIfExists(data.resolve("epg-lock"));
  }

  private static boolean ended(ProcessHandle process, boolean asked) throws IOException {
    CompletableFuture<ProcessHandle> exit = process.onExit();
    try {
      return asked && exit.get(5, TimeUnit.SECONDS) != null;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException("cannot wait for the former PostgreSQL to end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public int port() {
    return server.getPort();
  }

  /** {@code host:port/database}, as {@code gantry.database.url} takes it. */
  public String address() {
    return address(port());
  }

  /** The address of a server that is to listen on {@code port}. */
  static String address(int port) {
    return "127.0.0.1:" + port + "/" + DATABASE;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
