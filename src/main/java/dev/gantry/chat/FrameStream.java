package dev.gantry.chat;

import dev.gantry.chat.turns.EntryBell;
import dev.gantry.chat.turns.Stored;
import dev.gantry.chat.turns.TurnStore;
import dev.gantry.http.ServerSentEvents;
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

  private final Follower follower;
  private final ServerSentEvents out;

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
    follower = new Follower(store, bell, execution, after, this::write, this::fail);
    out =
        new ServerSentEvents(
            response,
            () -> {
              follower.stop();
              onClose.run();
            });
  }

  void start() {
    out.begin();
    follower.start();
  }

  private void write(List<Stored> entries) {
    for (Stored entry : entries) {
      Frame frame = Frame.of(entry).orElse(null);
      if (frame != null) {
        out.write(frame.text());
        if (frame.last()) {
          out.end();
        }
      }
    }
  }

  private void fail(Throwable failure) {
    LOG.warnf("a stream of a turn ends, its client may resume: %s", failure.toString());
    out.reset();
  }
}
