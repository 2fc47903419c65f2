package dev.gantry.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link OpenAiServer} answers once: a stream of deltas, or an error, and how it goes wrong on
 * the way. Immutable.
 *
 * @param status of the answer
 * @param headers beside the usual ones
 * @param error the body of an answer that is no stream; null = a stream
 * @param deltas what the stream tells before its end
 * @param finish why the model stopped; null = the stream does not say it
 * @param before how long the answer's first byte lets wait
 * @param between how long each further delta lets wait
 * @param whole how many deltas go well
 * @param fault what happens then; null = all goes well
 */
public record ScriptedAnswer(
    int status,
    Map<String, String> headers,
    String error,
    List<ObjectNode> deltas,
    String finish,
    long inputTokens,
    long outputTokens,
    Duration before,
    Duration between,
    int whole,
    Fault fault) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What goes wrong amid a stream. */
  public enum Fault {
    /** Nothing more comes, and the connection stays. */
    STALL,
    /** The connection breaks. */
    CUT,
    /** The answer ends as if it were whole. */
    END,
    /** A delta is no JSON. */
    MALFORMED,
    /** The server tells of an error in place of a delta. */
    ERROR
  }

  /** A text, one delta for each piece. */
  public static ScriptedAnswer text(String... pieces) {
    List<ObjectNode> deltas = new ArrayList<>();
    for (String piece : pieces) {
      deltas.add(JSON.createObjectNode().put("content", piece));
    }
    return stream(deltas, "stop");
  }

  /** Tools to be called, side by side: all begin in one delta, then their arguments come mixed. */
  public static ScriptedAnswer calls(ToolCall... calls) {
    List<ObjectNode> deltas = new ArrayList<>();
    ObjectNode begin = JSON.createObjectNode();
    ArrayNode begun = begin.putArray("tool_calls");
    for (int i = 0; i < calls.length; i++) {
      ObjectNode call = begun.addObject().put("index", i).put("id", calls[i].id());
      call.put("type", "function").putObject("function").put("name", calls[i].tool());
    }
    deltas.add(begin);
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < calls.length; i++) {
        deltas.add(piece(i, half(calls[i].arguments(), half)));
      }
    }
    return stream(deltas, "tool_calls");
  }

  /** An error in place of a stream. */
  public static ScriptedAnswer error(int status, String message) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("error").put("message", message).put("type", "scripted");
    return new ScriptedAnswer(
        status,
        Map.of(),
        body.toString(),
        List.of(),
        null,
        0,
        0,
        Duration.ZERO,
        Duration.ZERO,
        0,
        null);
  }

  private static ScriptedAnswer stream(List<ObjectNode> deltas, String finish) {
    return new ScriptedAnswer(
        200, Map.of(), null, deltas, finish, 10, 5, Duration.ZERO, Duration.ZERO, 0, null);
  }

  private static ObjectNode piece(int call, String arguments) {
    ObjectNode delta = JSON.createObjectNode();
    delta
        .putArray("tool_calls")
        .addObject()
        .put("index", call)
        .putObject("function")
        .put("arguments", arguments);
    return delta;
  }

  private static String half(String text, int which) {
    int middle = text.length() / 2;
    return which == 0 ? text.substring(0, middle) : text.substring(middle);
  }

  /** The same after some text, as models do that say what they are about to do. */
  public ScriptedAnswer saying(String text) {
    List<ObjectNode> all = new ArrayList<>(text(text).deltas);
    all.addAll(deltas);
    return new ScriptedAnswer(
        status,
        headers,
        error,
        all,
        finish,
        inputTokens,
        outputTokens,
        before,
        between,
        whole,
        fault);
  }

  public ScriptedAnswer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ScriptedAnswer(
        status,
        more,
        error,
        deltas,
        finish,
        inputTokens,
        outputTokens,
        before,
        between,
        whole,
        fault);
  }

  public ScriptedAnswer finish(String reason) {
    return new ScriptedAnswer(
        status,
        headers,
        error,
        deltas,
        reason,
        inputTokens,
        outputTokens,
        before,
        between,
        whole,
        fault);
  }

  public ScriptedAnswer usage(long input, long output) {
    return new ScriptedAnswer(
        status, headers, error, deltas, finish, input, output, before, between, whole, fault);
  }

  /** Lets wait for its first byte. */
  public ScriptedAnswer after(Duration wait) {
    return new ScriptedAnswer(
        status,
        headers,
        error,
        deltas,
        finish,
        inputTokens,
        outputTokens,
        wait,
        between,
        whole,
        fault);
  }

  /** Lets wait before each delta. */
  public ScriptedAnswer pausing(Duration pause) {
    return new ScriptedAnswer(
        status,
        headers,
        error,
        deltas,
        finish,
        inputTokens,
        outputTokens,
        before,
        pause,
        whole,
        fault);
  }

  /** Goes wrong once {@code deltas} have been sent. */
  public ScriptedAnswer failing(int after, Fault how) {
    return new ScriptedAnswer(
        status,
        headers,
        error,
        deltas,
        finish,
        inputTokens,
        outputTokens,
        before,
        between,
        after,
        how);
  }
}
