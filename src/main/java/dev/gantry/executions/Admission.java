package dev.gantry.executions;

import dev.gantry.executions.QueueLimits.Limit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which of the executions that wait may begin: by priority and then by age, and each only when
 * every queue it must pass has a place. One whose queue is full holds up nobody but those behind it
 * in that queue. Where organizations compete, the one with the fewest under way is next. Pure code.
 */
final class Admission {
  private final Map<UUID, Map<String, Limit>> limits;
  private final int most;

  /** How many hold a place, by organization and queue. */
  private final Map<Place, Integer> held = new HashMap<>();

  private int all;

  /**
   * @param limits what is set, by organization and queue
   * @param most how many may be under way over all organizations; 0 = any number
   */
  Admission(Map<UUID, Map<String, Limit>> limits, int most) {
    this.limits = limits;
    this.most = most;
  }

  private record Place(UUID organization, String queue) {}

  /** One that waits. */
  record Candidate(UUID id, UUID organization, Limits limits) {}

  /** So many hold a place of this queue already. */
  void held(UUID organization, String queue, int count) {
    held.merge(new Place(organization, queue), count, Integer::sum);
    if (queue.equals(Limits.ALL)) {
      all += count;
    }
  }

  /** Those that may begin now, each of which holds its places from here on. */
  List<UUID> choose(List<Candidate> waiting) {
    Map<UUID, List<Candidate>> byOrganization = new HashMap<>();
    waiting.stream()
        .sorted(Comparator.comparingInt(this::priority).reversed().thenComparing(Candidate::id))
        .forEach(
            each ->
                byOrganization
                    .computeIfAbsent(each.organization(), id -> new ArrayList<>())
                    .add(each));
    List<UUID> chosen = new ArrayList<>();
    while (!byOrganization.isEmpty()) {
      UUID next =
          byOrganization.keySet().stream()
              .min(
                  Comparator.comparingInt((UUID organization) -> count(organization, Limits.ALL))
                      .thenComparing(organization -> organization))
              .orElseThrow();
      Candidate admitted = takeFirst(byOrganization.get(next));
      if (admitted == null) {
        byOrganization.remove(next);
      } else {
        chosen.add(admitted.id());
      }
    }
    return chosen;
  }

  private int priority(Candidate candidate) {
    Map<String, Limit> set = limits.getOrDefault(candidate.organization(), Map.of());
    int ofQueues =
        candidate.limits().queues().stream()
            .mapToInt(queue -> set.containsKey(queue) ? set.get(queue).priority() : 0)
            .sum();
    return candidate.limits().priority() + ofQueues;
  }

  /** The first that every queue lets through, with those before it gone that none will. */
  private Candidate takeFirst(List<Candidate> waiting) {
    while (!waiting.isEmpty()) {
      Candidate candidate = waiting.remove(0);
      if (candidate.limits().queues().stream().allMatch(queue -> hasPlace(candidate, queue))) {
        candidate.limits().queues().forEach(queue -> held(candidate.organization(), queue, 1));
        return candidate;
      }
    }
    return null;
  }

  private boolean hasPlace(Candidate candidate, String queue) {
    if (queue.equals(Limits.ALL)) {
      return most == 0 || all < most;
    }
    return count(candidate.organization(), queue) < most(candidate, queue);
  }

  /** The smaller of what is set and what the definition says; one where neither says anything. */
  private int most(Candidate candidate, String queue) {
    Limit set = limits.getOrDefault(candidate.organization(), Map.of()).get(queue);
    boolean ofName = queue.startsWith(QueueLimits.WORKFLOW) || queue.startsWith(QueueLimits.TOOL);
    int own = ofName ? candidate.limits().maxActiveRuns() : 0;
    if (set == null) {
      return own > 0 ? own : QueueLimits.UNSET;
    }
    return own > 0 ? Math.min(own, set.maxActiveRuns()) : set.maxActiveRuns();
  }

  private int count(UUID organization, String queue) {
    return held.getOrDefault(new Place(organization, queue), 0);
  }
}
