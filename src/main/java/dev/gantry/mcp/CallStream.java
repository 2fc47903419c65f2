package dev.gantry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.http.ServerSentEvents;
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
  private final ServerSentEvents out;
  private final JsonNode progressToken;
  private final String executionId;
  private final Context context = Vertx.currentContext();
  private final long begun = System.nanoTime();
  private UniEmitter<? super Void> over;
  private Cancellable waiting;

  /**
   * @param progressToken missing when the client wants to hear of no progress
   */
  CallStream(HttpServerResponse response, JsonNode progressToken, String executionId) {
    this.out = new ServerSentEvents(response, this::close);
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
              out.begin(this::beat);
              waiting = answer.subscribe().with(last -> context.runOnContext(v -> end(last)));
            });
  }

  private void beat() {
    if (progressToken.isMissingNode()) {
      out.comment();
    } else {
      ObjectNode params = Rpc.object();
      params.set("progressToken", progressToken);
      params.put("progress", (System.nanoTime() - begun) / 1e9);
      params.put("message", executionId + " runs");
      message(Rpc.notification("notifications/progress", params));
    }
  }

  private void end(ObjectNode last) {
    message(last);
    out.end();
  }

  private void message(ObjectNode message) {
    out.write("event: message\ndata: " + message + "\n\n");
  }

  private void close() {
    if (waiting != null) {
      waiting.cancel();
    }
    over.complete(null);
  }
}
