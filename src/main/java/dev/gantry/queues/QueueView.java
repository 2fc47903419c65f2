package dev.gantry.queues;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.executions.QueueUse;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A queue as the API shows it: one that has a limit, or that executions are in, or both.
 *
 * @param maxActiveRuns null when nobody has set a limit: then it is 1, or what the workflow says
 * @param running how many executions hold a place
 * @param queued how many wait for one
 * @param holders the first of those that hold a place; only when the queue is read alone
 * @param waiting the first of those that wait, in their order; only when the queue is read alone
 * @param createdAt null when nobody has set a limit
 */
@Schema(
    name = "Queue",
    requiredProperties = {"name", "description", "running", "queued", "priority"})
record QueueView(
    String name,
    String description,
    @Schema(nullable = true) Integer maxActiveRuns,
    int priority,
    int running,
    int queued,
    @JsonInclude(Include.NON_NULL) List<Member> holders,
    @JsonInclude(Include.NON_NULL) List<Member> waiting,
    @JsonInclude(Include.NON_NULL) Instant createdAt,
    @JsonInclude(Include.NON_NULL) Instant updatedAt) {

  /** An execution in a queue. */
  @JsonInclude(Include.NON_NULL)
  @Schema(
      name = "QueueMember",
      requiredProperties = {"execution_id", "name", "priority", "created_at"})
  record Member(
      String executionId, String name, int priority, Instant createdAt, Instant admittedAt) {
    static Member of(QueueUse.Member member) {
      return new Member(
          member.executionId(),
          member.name(),
          member.priority(),
          member.createdAt(),
          member.admittedAt());
    }
  }

  static QueueView of(Queue queue, QueueUse.Count count) {
    return new QueueView(
        queue.name,
        queue.description,
        queue.maxActiveRuns,
        queue.priority,
        count.running(),
        count.queued(),
        null,
        null,
        queue.createdAt,
        queue.updatedAt);
  }

  /** One that nobody has set a limit for. */
  static QueueView of(String name, QueueUse.Count count) {
    return new QueueView(
        name, "", null, 0, count.running(), count.queued(), null, null, null, null);
  }

  /** Nobody is in it. */
  boolean isEmpty() {
    return running == 0 && queued == 0;
  }

  QueueView with(List<QueueUse.Member> holding, List<QueueUse.Member> queueing) {
    return new QueueView(
        name,
        description,
        maxActiveRuns,
        priority,
        running,
        queued,
        holding.stream().map(Member::of).toList(),
        queueing.stream().map(Member::of).toList(),
        createdAt,
        updatedAt);
  }
}
