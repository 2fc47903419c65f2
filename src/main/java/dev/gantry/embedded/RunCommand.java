package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.embedded.ApiClient.Answer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Optional;

/** {@code gantry run}: posts a workflow file, follows it, and ends with its result. */
final class RunCommand {
  static final int COMPLETED = 0;
  static final int FAILED = 1;
  static final int INVALID = 2;

  /** As shells tell the end by Ctrl-C. */
  static final int INTERRUPTED = 130;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Options options;
  private final PrintStream out;
  private final PrintStream err;

  RunCommand(Options options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  int run() throws IOException {
    if (!Files.isReadable(options.file())) {
      err.println("gantry: cannot read " + options.file());
      return INVALID;
    }
    Optional<ApiClient> named = Running.named();
    if (named.isPresent()) {
      return run(named.get());
    }
    Optional<DataDirectory> own = DataDirectory.lock(options.data());
    return own.isPresent() ? runOnOwn(own.get()) : runOnRunning();
  }

  private int runOnOwn(DataDirectory directory) throws IOException {
    Thread main = Thread.currentThread();
    try (OrderlyStop onSignal = new OrderlyStop(main::interrupt, INTERRUPTED);
        Installation installation =
            Installation.start(
                directory,
                Build.current(),
                options.port(),
                options.kafkaPort(),
                options.runner())) {
      return run(new ApiClient(installation.url(), installation.key()));
    }
  }

  private int runOnRunning() throws IOException {
    return run(
        Running.on(options.data())
            .orElseThrow(
                () ->
                    new IOException(
                        options.data() + " is in use by a gantry that is starting or stopping")));
  }

  private int run(ApiClient api) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    body.put("type", "inline");
    body.put("definition", Files.readString(options.file()));
    ObjectNode variables = body.putObject("variables");
    options.variables().forEach(variables::put);
    Answer accepted = api.post("/workflows/execute", body);
    if (accepted.status() == 400) {
      printFaults(accepted.body().path("error"));
      return INVALID;
    }
    if (accepted.status() / 100 != 2) {
      throw new IOException(
          "not accepted: " + accepted.body().path("error").path("message").asText());
    }
    String id = accepted.body().path("execution_id").asText();
    Screen screen = options.json() ? new JsonScreen(out) : new TextScreen(out);
    JsonNode ended = new Follower(api, id, screen).follow();
    screen.summary(ended);
    return ended.path("status").asText().equals("completed") ? COMPLETED : FAILED;
  }

  private void printFaults(JsonNode error) {
    JsonNode faults = error.path("details").path("faults");
    if (!faults.isArray()) {
      err.println(
          options.file()
              + ": "
              + error.path("details").path("error").asText(error.path("message").asText()));
      return;
    }
    for (JsonNode fault : faults) {
      err.printf(
          "%s:%d:%d: %s: %s%n",
          options.file(),
          fault.path("line").asInt(),
          fault.path("column").asInt(),
          fault.path("place").asText(),
          fault.path("message").asText());
    }
    err.printf("%s: %d fault%s%n", options.file(), faults.size(), faults.size() == 1 ? "" : "s");
  }
}
