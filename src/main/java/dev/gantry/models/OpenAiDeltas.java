package dev.gantry.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps the pieces of calls until the model says why it stops, and then gives each call whole: the
 * library takes one piece of a frame, and one call after the other. A server need not number calls,
 * and may repeat their ids and names. A reason to stop that the protocol does not know is an
 * ordinary stop.
 */
final class OpenAiDeltas implements Deltas {
  private static final Set<String> REASONS =
      Set.of("stop", "length", "tool_calls", "function_call", "content_filter");

  private final Map<Integer, Call> calls = new TreeMap<>();
  private int latest;

  /** As much of a call as has come. */
  private static final class Call {
    String id;
    String name;
    final StringBuilder arguments = new StringBuilder();

    void add(JsonNode piece) {
      JsonNode function = piece.path("function");
      id = first(id, piece.path("id"));
      name = first(name, function.path("name"));
      arguments.append(function.path("arguments").asText(""));
    }

    private static String first(String known, JsonNode told) {
      return known == null && told.isTextual() && !told.asText().isEmpty() ? told.asText() : known;
    }
  }

  @Override
  public List<ObjectNode> of(ObjectNode frame) {
    if (!(frame.path("choices").path(0) instanceof ObjectNode choice)) {
      return List.of(frame);
    }
    if (choice.path("delta") instanceof ObjectNode delta
        && delta.remove("tool_calls") instanceof ArrayNode pieces) {
      pieces.forEach(piece -> calls.computeIfAbsent(index(piece), i -> new Call()).add(piece));
    }
    if (!choice.path("finish_reason").isTextual()) {
      return List.of(frame);
    }
    knownReason(choice);
    return withCalls(frame);
  }

  /** A server that does not count begins a call by its id or name, and goes on with the latest. */
  private int index(JsonNode piece) {
    boolean begins =
        !piece.path("id").asText("").isEmpty() || !piece.at("/function/name").asText("").isEmpty();
    if (piece.path("index").isInt()) {
      latest = piece.path("index").asInt();
    } else if (begins) {
      latest = calls.size();
    }
    return latest;
  }

  private static void knownReason(ObjectNode choice) {
    String reason = choice.path("finish_reason").asText();
    if (!REASONS.contains(reason)) {
      choice.put("finish_reason", reason.contains("length") ? "length" : "stop");
    }
  }

  private List<ObjectNode> withCalls(ObjectNode last) {
    List<ObjectNode> frames = new ArrayList<>();
    calls.forEach((index, call) -> frames.add(frame(last, index, call)));
    calls.clear();
    frames.add(last);
    return frames;
  }

  private static ObjectNode frame(ObjectNode like, int index, Call call) {
    ObjectNode frame = like.deepCopy();
    frame.remove("usage");
    ObjectNode choice = (ObjectNode) frame.path("choices").path(0);
    choice.putNull("finish_reason");
    choice
        .putObject("delta")
        .putArray("tool_calls")
        .addObject()
        .put("index", index)
        .put("id", call.id)
        .put("type", "function")
        .putObject("function")
        .put("name", call.name)
        .put("arguments", call.arguments.toString());
    return frame;
  }
}
