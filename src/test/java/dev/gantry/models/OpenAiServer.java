package dev.gantry.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A server that speaks OpenAI's protocol, on a free port of the loopback, and answers what it is
 * told to. What it is told is told for a model's name: tests that take a name of their own share
 * one server without seeing each other.
 */
public final class OpenAiServer implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static OpenAiServer shared;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer http;
  private final Map<String, Function<Asked, ScriptedAnswer>> scripts = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /**
   * A request as it arrived.
   *
   * @param hungUp is complete once the client has gone before the answer's end
   */
  public record Asked(
      String path, Map<String, String> headers, JsonNode body, CompletableFuture<Void> hungUp) {
    public String model() {
      return body.path("model").asText();
    }

    /** The text of the last message. */
    public String lastMessage() {
      JsonNode messages = body.path("messages");
      return messages.path(messages.size() - 1).path("content").asText();
    }
  }

  private OpenAiServer() {
    http =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public static OpenAiServer start() {
    return new OpenAiServer();
  }

  /** The one that the applications of Quarkus tests ask by default; ends with the JVM. */
  public static synchronized OpenAiServer shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /** As {@code OPENAI_BASE_URL} has it. */
  public String baseUrl() {
    return "http://127.0.0.1:" + http.actualPort() + "/v1";
  }

  /** Answers for a model, one after the other; what is asked beyond them is a 400. */
  public OpenAiServer script(String model, ScriptedAnswer... answers) {
    Deque<ScriptedAnswer> rest = new ConcurrentLinkedDeque<>(List.of(answers));
    return answer(model, request -> rest.poll());
  }

  /** Answers for a model by what is asked; null is a 400. */
  public OpenAiServer answer(String model, Function<Asked, ScriptedAnswer> answers) {
    scripts.put(model, answers);
    return this;
  }

  /** What was asked for a model, in order. */
  public List<Asked> asked(String model) {
    return asked.stream().filter(request -> request.model().equals(model)).toList();
  }

  private void take(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    Asked taken = new Asked(request.path(), headers, json(body), new CompletableFuture<>());
    asked.add(taken);
    request.response().closeHandler(gone -> taken.hungUp.complete(null));
    ScriptedAnswer answer = answerTo(taken);
    if (answer.before().isZero()) {
      begin(request.response(), taken, answer);
    } else {
      vertx.setTimer(answer.before().toMillis(), t -> begin(request.response(), taken, answer));
    }
  }

  private ScriptedAnswer answerTo(Asked request) {
    if (!request.path.equals("/v1/chat/completions") || !request.body.path("stream").asBoolean()) {
      return ScriptedAnswer.error(400, "only streams of /v1/chat/completions are scripted");
    }
    Function<Asked, ScriptedAnswer> script = scripts.get(request.model());
    ScriptedAnswer answer = script == null ? null : script.apply(request);
    return answer == null
        ? ScriptedAnswer.error(400, "no answer is scripted for the model " + request.model())
        : answer;
  }

  private void begin(HttpServerResponse response, Asked request, ScriptedAnswer answer) {
    if (response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (answer.error() != null) {
      response.putHeader("content-type", "application/json").end(answer.error());
      return;
    }
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    send(response, frames(request, answer), 0, answer);
  }

  private static List<String> frames(Asked request, ScriptedAnswer answer) {
    List<String> frames = new ArrayList<>();
    answer.deltas().forEach(delta -> frames.add(data(chunk(request, delta, null))));
    StringBuilder end = new StringBuilder();
    if (answer.finish() != null) {
      end.append(data(chunk(request, JSON.createObjectNode(), answer.finish())));
    }
    if (request.body.path("stream_options").path("include_usage").asBoolean()) {
      ObjectNode usage = envelope(request);
      usage.putArray("choices");
      usage
          .putObject("usage")
          .put("prompt_tokens", answer.inputTokens())
          .put("completion_tokens", answer.outputTokens())
          .put("total_tokens", answer.inputTokens() + answer.outputTokens());
      end.append(data(usage));
    }
    frames.add(end.append("data: [DONE]\n\n").toString());
    return frames;
  }

  private static ObjectNode envelope(Asked request) {
    return JSON.createObjectNode()
        .put("id", "chatcmpl-1")
        .put("object", "chat.completion.chunk")
        .put("created", 1)
        .put("model", request.model());
  }

  private static ObjectNode chunk(Asked request, ObjectNode delta, String finish) {
    ObjectNode chunk = envelope(request);
    chunk
        .putArray("choices")
        .addObject()
        .put("index", 0)
        .put("finish_reason", finish)
        .set("delta", delta);
    return chunk;
  }

  private static String data(JsonNode json) {
    return "data: " + json + "\n\n";
  }

  private void send(
      HttpServerResponse response, List<String> frames, int next, ScriptedAnswer answer) {
    if (response.closed()) {
      return;
    }
    if (answer.fault() != null && next == answer.whole()) {
      goWrong(response, answer.fault());
    } else if (next == frames.size() - 1) {
      response.end(frames.get(next));
    } else {
      response.write(frames.get(next));
      if (answer.between().isZero()) {
        send(response, frames, next + 1, answer);
      } else {
        vertx.setTimer(answer.between().toMillis(), t -> send(response, frames, next + 1, answer));
      }
    }
  }

  private static void goWrong(HttpServerResponse response, ScriptedAnswer.Fault fault) {
    switch (fault) {
      case STALL -> {
        // Nothing more comes until the client has gone.
      }
      case CUT -> response.write(": cut\n").onComplete(sent -> response.reset());
      case END -> response.end();
      case MALFORMED -> response.end("data: {\"choices\":[{\"delta\":\n\ndata: [DONE]\n\n");
      case ERROR ->
          response.end("data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n");
    }
  }

  private static JsonNode json(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
