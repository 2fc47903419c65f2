package dev.gantry.runner.kubernetes.cluster;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;

/** Writes whose failure means that the client has gone, which its close handler tells as well. */
final class Streams {
  private Streams() {}

  static void write(HttpServerResponse response, String text) {
    if (!response.ended() && !response.closed()) {
      ignoreGone(response.write(text));
    }
  }

  static void write(ServerWebSocket socket, String text) {
    if (!socket.isClosed()) {
      ignoreGone(socket.writeTextMessage(text));
    }
  }

  static void end(HttpServerResponse response, String text) {
    if (!response.closed()) {
      ignoreGone(response.end(text));
    }
  }

  static void close(ServerWebSocket socket) {
    if (!socket.isClosed()) {
      ignoreGone(socket.close());
    }
  }

  private static void ignoreGone(Future<Void> write) {
    write.onFailure(gone -> {});
  }
}
