package dev.gantry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/**
 * The answer to one call as server-sent events: signs of life, then the result. A client that goes
 * has taken nothing back, so what runs goes on. All on the request's context, never blocks.
 */
final class CallStream {
  private static final long HEARTBEAT_MILLIS = 10_000;

  private final HttpServerResponse response;
  private final JsonNode progressToken;
  private final String executionId;
  private final Context context = Vertx.currentContext();
  private final long begun = System.nanoTime();
  private UniEmitter<? super Void> over;
  private Cancellable waiting;
  private long heartbeat;
  private boolean closed;

  /**
   * @param progressToken missing when the client wants to hear of no progress
   */
  CallStream(HttpServerResponse response, JsonNode progressToken, String executionId) {
    this.response = response;
    this.progressToken = progressToken;
    this.executionId = executionId;
  }

  /**
   * Writes the response itself.
   *
   * @param answer the last message; never fails
   * @return completes when it is written or the client has gone
   */
  Uni<Void> write(Uni<ObjectNode> answer) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              over = emitter;
              begin();
              waiting = answer.subscribe().with(last -> context.runOnContext(v -> end(last)));
            });
  }

  private void begin() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream;charset=UTF-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.closeHandler(v -> close());
    response.exceptionHandler(failure -> close());
    beat();
    heartbeat =
        context.owner().setPeriodic(HEARTBEAT_MILLIS, t -> context.runOnContext(v -> beat()));
  }

  private void beat() {
    if (closed) {
      return;
    }
    if (progressToken.isMissingNode()) {
      response.write(":\n\n");
    } else {
      ObjectNode params = Rpc.object();
      params.set("progressToken", progressToken);
      params.put("progress", (System.nanoTime() - begun) / 1e9);
      params.put("message", executionId + " runs");
      message(Rpc.notification("notifications/progress", params));
    }
  }

  private void end(ObjectNode last) {
    if (!closed) {
      message(last);
      response.end();
      close();
    }
  }

  private void message(ObjectNode message) {
    response.write("event: message\ndata: " + message + "\n\n");
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.owner().cancelTimer(heartbeat);
    if (waiting != null) {
      waiting.cancel();
    }
    over.complete(null);
  }
}
