package dev.gantry.workflows;

import dev.gantry.workflows.Timetable.CatchUp;
import dev.gantry.workflows.Timetable.Overlap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code schedule}: a cron expression, a list of them, or a map. */
final class ScheduleReader {
  static final Keys KEYS = Keys.of("cron", "timezone", "overlap", "catchup");

  private static final Map<String, Overlap> OVERLAPS =
      Map.of("skip", Overlap.SKIP, "queue", Overlap.QUEUE, "allow", Overlap.ALLOW);
  private static final Map<String, CatchUp> CATCH_UPS =
      Map.of(
          "none", CatchUp.NONE,
          "false", CatchUp.NONE,
          "last", CatchUp.LAST,
          "all", CatchUp.ALL,
          "true", CatchUp.ALL);

  private ScheduleReader() {}

  /** Null when nothing runs by itself. */
  static Timetable read(Field field) {
    if (field == null) {
      return null;
    }
    if (!(field.value() instanceof Value.Mapping)) {
      return new Timetable(crons(field), null, null, null);
    }
    Fields fields = Fields.of(field, KEYS);
    if (!fields.has("cron")) {
      fields.missing("cron");
    }
    return new Timetable(
        fields.has("cron") ? crons(fields.get("cron")) : List.of(),
        timezone(fields),
        overlap(fields),
        catchUp(fields));
  }

  private static List<String> crons(Field field) {
    List<String> crons = field.texts();
    if (crons.size() > Timetable.MOST_CRONS) {
      field.fault("more than " + Timetable.MOST_CRONS + " expressions: " + crons.size());
      return List.of();
    }
    crons.forEach(
        cron ->
            Timetable.cronFault(cron)
                .ifPresent(why -> field.fault(Quoted.quote(cron) + " " + why)));
    return crons;
  }

  private static String timezone(Fields fields) {
    String timezone = fields.nonBlank("timezone");
    if (timezone != null && !Timetable.isTimezone(timezone)) {
      fields.fault(
          "timezone", Quoted.quote(timezone) + " is no time zone; one is Europe/Berlin, or UTC");
    }
    return timezone;
  }

  private static Overlap overlap(Fields fields) {
    String text = fields.nonBlank("overlap");
    Overlap overlap = text == null ? null : OVERLAPS.get(text.toLowerCase(Locale.ROOT));
    if (text != null && overlap == null) {
      fields.fault("overlap", "must be skip, queue or allow, not " + Quoted.quote(text));
    }
    return overlap;
  }

  private static CatchUp catchUp(Fields fields) {
    String text = fields.nonBlank("catchup");
    CatchUp catchUp = text == null ? null : CATCH_UPS.get(text.toLowerCase(Locale.ROOT));
    if (text != null && catchUp == null) {
      fields.fault("catchup", "must be none, last or all, not " + Quoted.quote(text));
    }
    return catchUp;
  }
}
