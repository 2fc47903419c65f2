package dev.gantry.schedules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.ExecuteWorkflow;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import dev.gantry.workflows.Timetable;
import dev.gantry.workflows.Timetable.CatchUp;
import dev.gantry.workflows.Timetable.Overlap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create and of an update. A field that is absent, or null, keeps what there is.
 *
 * @param cron an expression, or a list of them; see {@link Timetable}
 * @param execute as for {@code POST /workflows/execute}; replaced as a whole
 */
record ScheduleRequest(
    @Schema(maxLength = 255) String name,
    String description,
    @Schema(description = "A cron expression of five fields, or a list of them") JsonNode cron,
    @Schema(maxLength = 255, description = "Whose clock is meant; UTC unless it is given")
        String timezone,
    @Schema(enumeration = {"skip", "queue", "allow"}) String overlap,
    @Schema(enumeration = {"none", "last", "all"}) String catchup,
    Boolean paused,
    @Schema(description = "What is executed: the body of POST /workflows/execute")
        ExecuteWorkflow execute) {
  private static final int MAX_DESCRIPTION_BYTES = 4 << 10;
  private static final int MAX_LINE = 255;
  private static final List<String> OVERLAPS =
      Arrays.stream(Overlap.values()).map(Overlap::text).toList();
  private static final List<String> CATCH_UPS =
      Arrays.stream(CatchUp.values()).map(CatchUp::text).toList();

  static void checkNew(ScheduleRequest body) {
    Fields fields = new Fields();
    if (body != null) {
      fields
          .required("name", body.name)
          .required("cron", body.isGiven() ? body.cron : null)
          .required("execute", body.execute);
    }
    check(body, fields);
  }

  static void check(ScheduleRequest body) {
    check(body, new Fields());
  }

  private static void check(ScheduleRequest body, Fields fields) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    fields
        .line("name", body.name, MAX_LINE)
        .text("description", body.description, MAX_DESCRIPTION_BYTES)
        .line("timezone", body.timezone, MAX_LINE)
        .oneOf("overlap", body.overlap, OVERLAPS)
        .oneOf("catchup", body.catchup, CATCH_UPS);
    if (body.timezone != null && !Timetable.isTimezone(body.timezone)) {
      fields.fault("timezone", "is not known; a time zone is Europe/Berlin, or UTC");
    }
    body.checkCron(fields);
    fields.check();
  }

  private boolean isGiven() {
    return cron != null && !cron.isNull();
  }

  private void checkCron(Fields fields) {
    if (!isGiven()) {
      return;
    }
    List<JsonNode> texts = texts();
    if (texts.isEmpty() || texts.size() > Timetable.MOST_CRONS) {
      fields.fault("cron", "must be 1 to " + Timetable.MOST_CRONS + " expressions");
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      String place = cron.isArray() ? "cron[" + i + "]" : "cron";
      if (!texts.get(i).isTextual()) {
        fields.fault(place, "must be text, as '30 6 * * 1-5'");
      } else {
        Timetable.cronFault(texts.get(i).textValue()).ifPresent(why -> fields.fault(place, why));
      }
    }
  }

  private List<JsonNode> texts() {
    if (!cron.isArray()) {
      return List.of(cron);
    }
    List<JsonNode> texts = new ArrayList<>();
    cron.forEach(texts::add);
    return texts;
  }

  /** Whether it only says that it is to pause, or to go on. */
  boolean isOnlyPause() {
    return name == null
        && description == null
        && !isGiven()
        && timezone == null
        && overlap == null
        && catchup == null
        && execute == null;
  }

  void applyTo(Schedule schedule) {
    given(name, value -> schedule.name = value);
    given(description, value -> schedule.description = value);
    if (isGiven()) {
      schedule.crons = texts().stream().map(JsonNode::textValue).toList();
    }
    given(timezone, value -> schedule.timezone = value);
    given(overlap, value -> schedule.overlap = value);
    given(catchup, value -> schedule.catchup = value);
    given(paused, value -> schedule.paused = value);
    given(execute, value -> schedule.request = value);
  }

  private static <T> void given(T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }
}
