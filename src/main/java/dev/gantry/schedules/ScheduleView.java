package dev.gantry.schedules;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.executions.ExecuteWorkflow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A schedule as the API shows it.
 *
 * @param source whose workflow has it; left out when a caller has made it
 * @param nextAt the next slot, or one that has come and is about to be decided on; left out while
 *     the schedule is paused
 * @param last what became of the last slot that was decided on; left out before the first
 */
@Schema(name = "Schedule")
record ScheduleView(
    @Schema(format = "uuid") String uuid,
    String name,
    String description,
    List<String> cron,
    String timezone,
    @Schema(enumeration = {"skip", "queue", "allow"}) String overlap,
    @Schema(enumeration = {"none", "last", "all"}) String catchup,
    boolean paused,
    @JsonInclude(Include.NON_NULL) @Schema(format = "uuid") UUID source,
    ExecuteWorkflow execute,
    @JsonInclude(Include.NON_NULL) Instant nextAt,
    @JsonInclude(Include.NON_NULL) Slot last,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * @param last or null
   * @param now for a schedule whose next slot nobody has worked out yet
   */
  static ScheduleView of(Schedule schedule, Slot last, Instant now) {
    return new ScheduleView(
        schedule.publicId(),
        schedule.name,
        schedule.description,
        schedule.crons,
        schedule.timezone,
        schedule.overlap,
        schedule.catchup,
        schedule.paused,
        schedule.sourceId,
        schedule.request,
        nextAt(schedule, now),
        last,
        schedule.createdAt,
        schedule.updatedAt);
  }

  private static Instant nextAt(Schedule schedule, Instant now) {
    if (schedule.paused) {
      return null;
    }
    return schedule.nextAt != null ? schedule.nextAt : schedule.when().next(now).orElse(null);
  }
}
