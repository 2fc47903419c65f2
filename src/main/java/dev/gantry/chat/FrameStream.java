package dev.gantry.chat;

import dev.gantry.chat.turns.EntryBell;
import dev.gantry.chat.turns.Stored;
import dev.gantry.chat.turns.TurnStore;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * One client's stream of a turn's frames, which ends with the last one. All on the request's
 * context, never blocks; a client that does not read is let go, and resumes.
 */
final class FrameStream {
  private static final Logger LOG = Logger.getLogger(FrameStream.class);
  private static final long HEARTBEAT_MILLIS = 10_000;

  private final HttpServerResponse response;
  private final Runnable onClose;
  private final Context context = Vertx.currentContext();
  private final Follower follower;
  private long heartbeat;
  private boolean closed;

  /**
   * @param after the client has all frames up to this one
   */
  FrameStream(
      TurnStore store,
      EntryBell bell,
      UUID execution,
      int after,
      HttpServerResponse response,
      Runnable onClose) {
    this.response = response;
    this.onClose = onClose;
    this.follower = new Follower(store, bell, execution, after, this::write, this::fail);
  }

  void start() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream;charset=UTF-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.closeHandler(v -> close());
    response.exceptionHandler(failure -> close());
    response.write(":\n\n");
    heartbeat =
        context.owner().setPeriodic(HEARTBEAT_MILLIS, t -> context.runOnContext(v -> beat()));
    follower.start();
  }

  private void beat() {
    if (!closed && !response.writeQueueFull()) {
      response.write(":\n\n");
    }
  }

  private void write(List<Stored> entries) {
    for (Stored entry : entries) {
      Frame frame = Frame.of(entry).orElse(null);
      if (frame != null && !closed) {
        response.write(frame.text());
        if (frame.last()) {
          response.end();
          close();
        }
      }
    }
  }

  private void fail(Throwable failure) {
    LOG.warnf("a stream of a turn ends, its client may resume: %s", failure.toString());
    if (!closed) {
      response.reset();
      close();
    }
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.owner().cancelTimer(heartbeat);
    follower.stop();
    onClose.run();
  }
}
