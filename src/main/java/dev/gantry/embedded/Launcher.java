package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.embedded.Options.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code gantry}: starts everything on this machine, runs a workflow file, or checks files. */
public final class Launcher {
  static final int OK = 0;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;

  private final PrintStream out;
  private final PrintStream err;

  Launcher(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(new Launcher(System.out, System.err).start(List.of(arguments)));
  }

  int start(List<String> arguments) {
    if (arguments.contains("--help")) {
      out.print(Options.HELP);
      return OK;
    }
    try {
      Options options = Options.parse(arguments);
      if (!options.checked().isEmpty()) {
        return new ValidateCommand(options.checked(), out, err).run();
      }
      if (options.topics()) {
        return new TopicsCommand(running(options), out, err).run();
      }
      return options.serves() ? serve(options) : new RunCommand(options, out, err).run();
    } catch (UsageException e) {
      err.println("gantry: " + e.getMessage());
      return USAGE;
    } catch (IOException e) {
      err.println("gantry: " + e.getMessage());
      return UNREACHABLE;
    }
  }

  private static ApiClient running(Options options) throws IOException {
    Optional<ApiClient> named = Running.named();
    if (named.isPresent()) {
      return named.get();
    }
    return Running.on(options.data())
        .orElseThrow(() -> new IOException("no Gantry runs on " + options.data()));
  }

  private int serve(Options options) throws IOException {
    requireFree(options.port(), "--port");
    requireFree(options.kafkaPort(), "--kafka-port");
    Optional<DataDirectory> directory = DataDirectory.lock(options.data());
    if (directory.isEmpty()) {
      throw new IOException(inUse(options.data()));
    }
    CountDownLatch stop = new CountDownLatch(1);
    try (OrderlyStop onSignal = new OrderlyStop(stop::countDown, OK);
        Installation installation =
            Installation.start(
                directory.get(),
                Build.current(),
                options.port(),
                options.kafkaPort(),
                options.runner())) {
      announce(installation);
      if (!awaitStop(stop, installation)) {
        err.println("gantry: the application ended; its log is " + installation.log());
        return UNREACHABLE;
      }
      return OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNREACHABLE;
    }
  }

  /** False when the application ended by itself. */
  private static boolean awaitStop(CountDownLatch stop, Installation installation)
      throws InterruptedException {
    while (installation.application().isAlive()) {
      if (stop.await(200, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    return false;
  }

  private static void requireFree(int port, String option) throws IOException {
    if (port != 0 && !Ports.isFree(port)) {
      throw new IOException(
          "port " + port + " is taken by another program; choose another with " + option);
    }
  }

  private static String inUse(Path data) throws IOException {
    Optional<JsonNode> addresses = DataDirectory.addresses(data);
    return data
        + " is in use by a gantry that "
        + addresses.map(a -> "serves " + a.path("url").asText()).orElse("is starting or stopping")
        + "; use it, stop it, or choose another folder with --data";
  }

  private void announce(Installation installation) {
    out.printf(
        """
        Gantry is ready.

          API    %1$s/api/v1
          key    %2$s
          Kafka  %3$s

        Try:
          curl -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' \\
            -d '{"name": "hello", "content": "echo hello"}' '%1$s/api/v1/tools/execute?wait=30s'

        Ctrl-C stops everything.
        """,
        installation.url(), installation.key(), installation.kafka());
    out.flush();
  }
}
