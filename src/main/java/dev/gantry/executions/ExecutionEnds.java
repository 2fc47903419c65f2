package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for the end of an execution: woken by the engine in this process after its commit, or
 * by the public event when another process runs the engine. Any thread, never blocks.
 */
@ApplicationScoped
class ExecutionEnds {
  private final Map<UUID, Set<UniEmitter<? super Void>>> waiting = new ConcurrentHashMap<>();

  /** Completes at the next {@link #ended} of this execution; forgets the waiter that cancels. */
  Uni<Void> next(UUID id) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              waiting.compute(
                  id,
                  (key, waiters) -> {
                    Set<UniEmitter<? super Void>> all =
                        waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
                    all.add(emitter);
                    return all;
                  });
              emitter.onTermination(() -> forget(id, emitter));
            });
  }

  private void forget(UUID id, UniEmitter<? super Void> emitter) {
    waiting.computeIfPresent(
        id,
        (key, waiters) -> {
          waiters.remove(emitter);
          return waiters.isEmpty() ? null : waiters;
        });
  }

  void ended(UUID id) {
    Set<UniEmitter<? super Void>> waiters = waiting.remove(id);
    if (waiters != null) {
      waiters.forEach(emitter -> emitter.complete(null));
    }
  }
}
