package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What organizations have set for their queues. Event loop, never blocks. */
public interface QueueLimits {
  /** Before a workflow's name: the queue that its executions pass. */
  String WORKFLOW = "workflow:";

  /** Before a tool's name: the queue that its executions pass. */
  String TOOL = "tool:";

  /** Before an agent's name: the queue that its turns pass. */
  String AGENT = "agent:";

  /** Before a runner's name: the queue of all that the organization runs there. */
  String RUNNER = "runner:";

  /** The queue of all that the organization runs. */
  String ORGANIZATION = "organization";

  /** What a queue lets through at once that nobody has set anything for. */
  int UNSET = 1;

  /**
   * @param maxActiveRuns how many executions may be under way at once; 0 = none begins
   * @param priority added to that of each execution
   */
  record Limit(int maxActiveRuns, int priority) {}

  /** The queues with a limit, by name; may be some seconds old. */
  Uni<Set<String>> names(UUID organization);

  /** What is set now, by organization and name. */
  Uni<Map<UUID, Map<String, Limit>>> of(Collection<UUID> organizations);
}
