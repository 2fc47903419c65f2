package dev.gantry.schedules;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.executions.LoggedExecutions.Kind;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What became of a slot, as the API shows it.
 *
 * @param slot the time that the schedule means
 * @param executionId when it started one
 * @param error why it did not
 * @param decidedAt when that was known, by the database's clock
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "ScheduleSlot",
    requiredProperties = {"slot", "outcome", "decided_at"})
record Slot(
    Instant slot,
    @Schema(enumeration = {"started", "skipped", "missed", "failed"}) String outcome,
    String executionId,
    String error,
    Instant decidedAt) {
  static final String STARTED = "started";

  /** By a rule of the schedule or of the workflow. */
  static final String SKIPPED = "skipped";

  /** Nothing was there to start it, and it was not caught up with. */
  static final String MISSED = "missed";

  /** The workflow cannot be started as the schedule says. */
  static final String FAILED = "failed";

  static Slot of(Instant slot, String outcome, UUID execution, String error, Instant decidedAt) {
    String id = execution == null ? null : Kind.WORKFLOW.prefix() + execution;
    return new Slot(slot, outcome, id, error, decidedAt);
  }
}
