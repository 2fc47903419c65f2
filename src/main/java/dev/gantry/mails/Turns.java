package dev.gantry.mails;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Has only so much be under way at once; what is more waits for its turn, in the order in which it
 * came. Any thread, never blocks.
 */
final class Turns {
  private final Queue<UniEmitter<? super Void>> waiting = new ArrayDeque<>();
  private int free;

  /**
   * @param most how much is under way at once
   */
  Turns(int most) {
    free = most;
  }

  /** Whoever subscribes waits until the work has ended: nobody may leave while it waits. */
  <T> Uni<T> inTurn(Supplier<Uni<? extends T>> work) {
    return Uni.createFrom()
        .<Void>emitter(this::take)
        .chain(() -> Uni.createFrom().<T>deferred(work).onTermination().invoke(this::give));
  }

  private void take(UniEmitter<? super Void> emitter) {
    synchronized (this) {
      if (free == 0) {
        waiting.add(emitter);
        return;
      }
      free--;
    }
    emitter.complete(null);
  }

  private void give() {
    UniEmitter<? super Void> next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.complete(null);
  }
}
