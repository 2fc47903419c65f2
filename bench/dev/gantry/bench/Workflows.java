package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The workflows that are executed, as request bodies, and what is to come of them. Pure code. */
final class Workflows {
  /** The program that does nothing: each step is one fork of it, without a shell around it. */
  private static final String TRUE =
      Files.isExecutable(Path.of("/bin/true")) ? "/bin/true" : "/usr/bin/true";

  private Workflows() {}

  /** Steps one after the other. */
  static ObjectNode chain(int steps) {
    ObjectNode body = body("chain", "chain");
    for (int i = 0; i < steps; i++) {
      step(body, "step-" + i, List.of(TRUE));
    }
    return body;
  }

  /** Steps side by side, and a last one that waits for them all. */
  static ObjectNode fanOut(int width) {
    ObjectNode body = body("fan-out", "graph");
    for (int i = 0; i < width; i++) {
      step(body, "branch-" + i, List.of(TRUE));
    }
    ArrayNode depends = step(body, "join", List.of(TRUE)).putArray("depends");
    for (int i = 0; i < width; i++) {
      depends.add("branch-" + i);
    }
    return body;
  }

  /** Layers of steps side by side; each step waits for two of the layer before. */
  static ObjectNode layers(int layers, int width) {
    ObjectNode body = body("layers", "graph");
    for (int i = 0; i < layers * width; i++) {
      ObjectNode step = step(body, "s" + i, List.of(TRUE));
      if (i >= width) {
        step.putArray("depends").add("s" + (i - width)).add("s" + besides(i - width, width));
      }
    }
    return body;
  }

  private static int besides(int step, int width) {
    return step / width * width + (step + 1) % width;
  }

  /** Each step ran once, after those of the layer before that it waits for. */
  static JsonNode requireLayers(byte[] answer, int layers, int width) throws IOException {
    JsonNode steps = requireCompleted(answer, layers * width);
    for (int i = width; i < steps.size(); i++) {
      requireAfter(steps.get(i), steps.get(i - width));
      requireAfter(steps.get(i), steps.get(besides(i - width, width)));
    }
    return steps;
  }

  /** One step that runs a program. */
  static ObjectNode single(List<String> command) {
    ObjectNode body = body("single", "chain");
    step(body, "print", command);
    return body;
  }

  private static ObjectNode body(String name, String type) {
    ObjectNode body = Api.JSON.createObjectNode().put("type", "inline");
    body.putObject("definition").put("name", name).put("type", type).putArray("steps");
    return body;
  }

  private static ObjectNode step(ObjectNode body, String name, List<String> command) {
    ObjectNode step = ((ArrayNode) body.path("definition").path("steps")).addObject();
    ArrayNode words = step.put("name", name).putArray("command");
    command.forEach(words::add);
    return step;
  }

  /** Each step ran once, after the one before it. */
  static void requireChain(byte[] answer, int count) throws IOException {
    JsonNode steps = requireCompleted(answer, count);
    for (int i = 1; i < count; i++) {
      requireAfter(steps.get(i), steps.get(i - 1));
    }
  }

  /** Each step ran once, the last one after all others. */
  static void requireFanOut(byte[] answer, int width) throws IOException {
    JsonNode steps = requireCompleted(answer, width + 1);
    for (int i = 0; i < width; i++) {
      requireAfter(steps.get(width), steps.get(i));
    }
  }

  /** A step on Kubernetes ran once; of its log only the cluster's own lines may be there. */
  static void requireOneOnCluster(byte[] answer) throws IOException {
    JsonNode execution = Api.JSON.readTree(answer);
    JsonNode step = execution.path("steps").path(0);
    require(execution.path("status").asText().equals("completed"), "not completed", execution);
    require(step.path("attempt").asInt() == 1, "not one attempt", execution);
    require(step.path("exit_code").asInt(-1) == 0, "not its exit code", execution);
  }

  private static JsonNode requireCompleted(byte[] answer, int count) throws IOException {
    JsonNode execution = Api.JSON.readTree(answer);
    JsonNode steps = execution.path("steps");
    require(execution.path("status").asText().equals("completed"), "not completed", execution);
    require(steps.size() == count, "not " + count + " steps", execution);
    for (JsonNode step : steps) {
      require(isRight(step), "a step is not as it has to be", step);
    }
    return steps;
  }

  private static boolean isRight(JsonNode step) {
    return step.path("status").asText().equals("completed")
        && step.path("attempt").asInt() == 1
        && step.path("exit_code").asInt(-1) == 0
        && step.path("log_lines").asLong() == 0
        && step.path("output").asText("").isEmpty();
  }

  private static void requireAfter(JsonNode later, JsonNode earlier) {
    Instant started = Instant.parse(later.path("started_at").asText());
    Instant completed = Instant.parse(earlier.path("completed_at").asText());
    require(!started.isBefore(completed), "began before " + earlier + " had ended", later);
  }
}
