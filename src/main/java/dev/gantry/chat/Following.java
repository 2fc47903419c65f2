package dev.gantry.chat;

import dev.gantry.chat.turns.Entry;
import dev.gantry.chat.turns.EntryBell;
import dev.gantry.chat.turns.Stored;
import dev.gantry.chat.turns.Transcript;
import dev.gantry.chat.turns.TurnStore;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Follows turns for who waits for them. On the request's context, never blocks. */
@ApplicationScoped
class Following {
  private final TurnStore store;
  private final EntryBell bell;

  Following(TurnStore store, EntryBell bell) {
    this.store = store;
    this.bell = bell;
  }

  /**
   * Writes the frames behind one as server-sent events; writes the response itself.
   *
   * @return completes when the stream is over or the client has gone
   */
  Uni<Void> stream(UUID execution, int after, RoutingContext context) {
    return Uni.createFrom()
        .emitter(
            emitter ->
                new FrameStream(
                        store,
                        bell,
                        execution,
                        after,
                        context.response(),
                        () -> emitter.complete(null))
                    .start());
  }

  /** Completes when the turn has ended, waits for a person, or {@code patience} has passed. */
  Uni<Void> settled(UUID execution, Duration patience) {
    List<Stored> read = new ArrayList<>();
    return Uni.createFrom()
        .<Void>emitter(
            emitter -> {
              Follower follower =
                  new Follower(
                      store,
                      bell,
                      execution,
                      0,
                      entries -> {
                        read.addAll(entries);
                        if (isSettled(read)) {
                          emitter.complete(null);
                        }
                      },
                      emitter::fail);
              emitter.onTermination(follower::stop);
              follower.start();
            })
        .ifNoItem()
        .after(patience)
        .recoverWithItem((Void) null);
  }

  private static boolean isSettled(List<Stored> entries) {
    Entry last = entries.get(entries.size() - 1).entry();
    return last instanceof Entry.Ended || !new Transcript(entries).undecided().isEmpty();
  }
}
