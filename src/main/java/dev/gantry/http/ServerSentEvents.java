package dev.gantry.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * One response as server-sent events: its headers, signs of life, and one end, whoever brings it
 * about. Made and used on the request's context alone, never blocks.
 */
public final class ServerSentEvents {
  private static final long HEARTBEAT_MILLIS = 10_000;
  private static final Buffer COMMENT = Buffer.buffer(":\n\n");

  private final HttpServerResponse response;
  private final Runnable onClose;
  private final Context context = Vertx.currentContext();
  private long heartbeat;
  private boolean over;

  /**
   * @param onClose called once, when the response has ended or the client has gone
   */
  public ServerSentEvents(HttpServerResponse response, Runnable onClose) {
    this.response = response;
    this.onClose = onClose;
  }

  /** Begins the response, with a comment now and every 10 s. */
  public void begin() {
    begin(this::comment);
  }

  /**
   * The same with another sign of life.
   *
   * @param beat not called while what is written before waits for the client: that is sign enough
   */
  public void begin(Runnable beat) {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream;charset=UTF-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.closeHandler(v -> close());
    response.exceptionHandler(failure -> close());
    beat.run();
    heartbeat =
        context.owner().setPeriodic(HEARTBEAT_MILLIS, t -> context.runOnContext(v -> beat(beat)));
  }

  private void beat(Runnable beat) {
    if (!over && !isFull()) {
      beat.run();
    }
  }

  public void comment() {
    write(COMMENT);
  }

  /** Nothing more can be written. */
  public boolean isOver() {
    return over;
  }

  /** The client has not read what is written, and no more should be. */
  public boolean isFull() {
    return response.writeQueueFull();
  }

  /** Runs it at once, or when the client has read. */
  public void whenWritable(Runnable next) {
    if (isFull()) {
      response.drainHandler(
          v -> {
            // A handler that stayed would run again beside what it began.
            response.drainHandler(null);
            next.run();
          });
    } else {
      next.run();
    }
  }

  /** Writes whole events, each with its empty line; nothing when the response is over. */
  public void write(String events) {
    write(Buffer.buffer(events));
  }

  public void write(Buffer events) {
    if (!over) {
      response.write(events);
    }
  }

  /** Nothing follows. */
  public void end() {
    if (!over) {
      response.end();
      close();
    }
  }

  /** Breaks off, so that the client knows that something is missing, and may resume. */
  public void reset() {
    if (!over) {
      response.reset();
      close();
    }
  }

  private void close() {
    if (over) {
      return;
    }
    over = true;
    context.owner().cancelTimer(heartbeat);
    onClose.run();
  }
}
