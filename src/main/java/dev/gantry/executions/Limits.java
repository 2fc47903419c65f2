package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.workflows.QueueName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which queues an execution must have a place of before it begins.
 *
 * @param queues by name; empty = it begins at once
 * @param maxActiveRuns what its definition says of executions of its name; 0 = nothing
 * @param priority more goes first
 */
record Limits(List<String> queues, int maxActiveRuns, int priority) {
  static final Limits NONE = new Limits(List.of(), 0, 0);

  /** The queue of the whole installation, over all organizations. */
  static final String ALL = "*";

  /** The one that the caller or the definition chose, or null. */
  String named() {
    return queues.stream().filter(QueueName::isOwn).findFirst().orElse(null);
  }

  boolean isNone() {
    return queues.isEmpty();
  }

  /** The queue that executions of a workflow, a tool or an agent pass if anything limits them. */
  static String ofName(Kind kind, String name) {
    String before =
        switch (kind) {
          case WORKFLOW -> QueueLimits.WORKFLOW;
          case TOOL -> QueueLimits.TOOL;
          case CHAT -> QueueLimits.AGENT;
        };
    return before + name;
  }

  /**
   * Of an execution that does a step of another one.
   *
   * @param configured queues that the organization has given a limit
   * @param held queues that those above it have a place of
   */
  static Limits ofChild(AcceptExecution.Request request, Set<String> configured, Set<String> held) {
    String name = ofName(request.kind(), request.definition().name());
    Set<String> ofItsOwn = configured.contains(name) ? Set.of(name) : Set.of();
    List<String> queues = new ArrayList<>(of(request, ofItsOwn, false).queues());
    queues.removeAll(held);
    return queues.isEmpty()
        ? NONE
        : new Limits(
            List.copyOf(queues),
            request.definition().concurrency().maxActiveRuns(),
            request.priority());
  }

  /**
   * @param configured queues that the organization has given a limit
   * @param all the installation has a limit
   */
  static Limits of(AcceptExecution.Request request, Set<String> configured, boolean all) {
    String name = ofName(request.kind(), request.definition().name());
    int own = request.definition().concurrency().maxActiveRuns();
    List<String> queues = new ArrayList<>(request.queues());
    if (own > 0 || configured.contains(name)) {
      queues.add(name);
    }
    for (String implied :
        List.of(QueueLimits.RUNNER + request.runnerOrDefault(), QueueLimits.ORGANIZATION)) {
      if (configured.contains(implied)) {
        queues.add(implied);
      }
    }
    if (all) {
      queues.add(ALL);
    }
    return queues.isEmpty() ? NONE : new Limits(List.copyOf(queues), own, request.priority());
  }
}
