package dev.gantry.chat.turns;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wakes those who wait for a turn's next entry. It hears what this process adds; for what another
 * one does, who waits has to look. Any thread, never blocks.
 */
@ApplicationScoped
public class EntryBell {
  private final Map<UUID, Set<Runnable>> listeners = new ConcurrentHashMap<>();

  /**
   * @param listener called on any thread; must not block
   */
  public void add(UUID execution, Runnable listener) {
    listeners.compute(
        execution,
        (id, before) -> {
          Set<Runnable> all = before == null ? ConcurrentHashMap.newKeySet() : before;
          all.add(listener);
          return all;
        });
  }

  public void remove(UUID execution, Runnable listener) {
    listeners.computeIfPresent(
        execution,
        (id, all) -> {
          all.remove(listener);
          return all.isEmpty() ? null : all;
        });
  }

  void ring(UUID execution) {
    listeners.getOrDefault(execution, Set.of()).forEach(Runnable::run);
  }
}
