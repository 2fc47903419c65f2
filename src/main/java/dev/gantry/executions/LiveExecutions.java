package dev.gantry.executions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The executions that this process drives, kept in memory so that a transition needs no read. Each
 * copy is only a guess: the version in the save tells whether it still holds. Bounded by steps, the
 * least recently used leave first. One thread at a time.
 */
final class LiveExecutions {
  private final int maxSteps;
  private final Map<UUID, Execution> byId = new LinkedHashMap<>(1024, 0.75f, true);
  private int steps;

  LiveExecutions(int maxSteps) {
    this.maxSteps = maxSteps;
  }

  Execution get(UUID id) {
    return byId.get(id);
  }

  void put(Execution execution) {
    evict(execution.accepted().id());
    byId.put(execution.accepted().id(), execution);
    steps += execution.size();
    var eldest = byId.values().iterator();
    while (steps > maxSteps && byId.size() > 1) {
      steps -= eldest.next().size();
      eldest.remove();
    }
  }

  void evict(UUID id) {
    Execution former = byId.remove(id);
    if (former != null) {
      steps -= former.size();
    }
  }

  void evictAll(Collection<UUID> ids) {
    ids.forEach(this::evict);
  }

  /** Those of {@code ids} that are not here. */
  List<UUID> missing(Collection<UUID> ids) {
    List<UUID> missing = new ArrayList<>();
    for (UUID id : ids) {
      if (!byId.containsKey(id)) {
        missing.add(id);
      }
    }
    return missing;
  }
}
