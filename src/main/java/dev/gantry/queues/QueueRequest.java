package dev.gantry.queues;

import dev.gantry.executions.QueueLimits;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import dev.gantry.workflows.QueueName;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create and of an update. A field that is absent, or null, keeps what there is.
 *
 * @param maxActiveRuns how many executions may be under way at once; 0 = none begins
 * @param priority added to that of each execution in the queue
 */
record QueueRequest(
    @Schema(maxLength = 255) String name,
    String description,
    @Schema(minimum = "0", maximum = "10000", description = "0 lets none begin")
        Integer maxActiveRuns,
    @Schema(minimum = "-1000", maximum = "1000", description = "Added to that of each execution")
        Integer priority) {
  private static final int MAX_DESCRIPTION_BYTES = 4096;
  private static final int MOST_RUNS = 10_000;
  private static final int MOST_PRIORITY = 1000;
  private static final List<String> OF =
      List.of(QueueLimits.WORKFLOW, QueueLimits.TOOL, QueueLimits.AGENT, QueueLimits.RUNNER);

  static void checkNew(QueueRequest body) {
    Fields fields = new Fields();
    if (body != null) {
      fields.required("name", body.name).required("max_active_runs", body.maxActiveRuns);
      fields.line("name", body.name, 255);
      if (body.name != null && !isName(body.name)) {
        fields.fault(
            "name",
            QueueName.RULE
                + "; or workflow:NAME, tool:NAME, agent:NAME, runner:NAME or organization, which executions pass"
                + " by what they are");
      }
    }
    check(body, fields);
  }

  private static boolean isName(String name) {
    return QueueName.isOwn(name)
        || name.equals(QueueLimits.ORGANIZATION)
        || OF.stream().anyMatch(kind -> name.startsWith(kind) && name.length() > kind.length());
  }

  static void check(String name, QueueRequest body) {
    Fields fields = new Fields();
    if (body != null && body.name != null && !body.name.equals(name)) {
      fields.fault("name", "cannot be changed");
    }
    check(body, fields);
  }

  private static void check(QueueRequest body, Fields fields) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    fields
        .text("description", body.description, MAX_DESCRIPTION_BYTES)
        .between("max_active_runs", body.maxActiveRuns, 0, MOST_RUNS)
        .between("priority", body.priority, -MOST_PRIORITY, MOST_PRIORITY)
        .check();
  }

  void applyTo(Queue queue) {
    queue.description = description == null ? queue.description : description;
    queue.maxActiveRuns = maxActiveRuns == null ? queue.maxActiveRuns : maxActiveRuns;
    queue.priority = priority == null ? queue.priority : priority;
  }
}
