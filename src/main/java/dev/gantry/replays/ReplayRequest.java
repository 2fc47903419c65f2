package dev.gantry.replays;

import dev.gantry.events.EventLog;
import dev.gantry.events.EventTypes;
import dev.gantry.http.ApiException;
import dev.gantry.platform.Times;
import dev.gantry.resources.Fields;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a replay.
 *
 * @param topic the last part of the name of the topic that the events are told to; null = to a
 *     webhook
 * @param webhookUuid of the webhook that they are told to; null = to a topic
 * @param types of event, or patterns of them; absent = all
 * @param subject only its events; absent = all
 * @param since only events that were told at this time or later
 * @param until only events that were told before this time; absent = now
 */
record ReplayRequest(
    @Schema(pattern = "^[A-Za-z0-9_-]{1,100}$", examples = "rebuild") String topic,
    @Schema(format = "uuid") String webhookUuid,
    @Schema(maxItems = 100) List<String> types,
    @Schema(maxLength = 255) String subject,
    @Schema(format = "date-time") String since,
    @Schema(format = "date-time") String until) {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final int LONGEST = 255;

  /** Fails with all that is wrong with it. */
  static Stretch read(ReplayRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    Fields fields =
        new Fields()
            .required("since", body.since)
            .names("types", body.types)
            .line("subject", body.subject, LONGEST);
    if ((body.topic == null) == (body.webhookUuid == null)) {
      fields.fault("topic", "either it or webhook_uuid is required");
    }
    if (body.topic != null && !TOPIC.matcher(body.topic).matches()) {
      fields.fault("topic", "must have 1 to 100 letters, digits, - and _");
    }
    List<String> types = body.types(fields);
    Instant since = time("since", body.since, fields);
    Instant until = time("until", body.until, fields);
    fields.check();
    return new Stretch(
        body.topic,
        body.webhookUuid,
        types,
        body.subject,
        EventLog.before(since),
        until == null ? null : (Long) (EventLog.before(until) + 1));
  }

  /**
   * What is asked for.
   *
   * @param topic null = to a webhook
   * @param webhook as it was given; null = to a topic
   * @param types null = all
   * @param position events behind it
   * @param until only events before this position; null = all that were told by now
   */
  record Stretch(
      String topic,
      String webhook,
      List<String> types,
      String subject,
      long position,
      Long until) {}

  private List<String> types(Fields fields) {
    if (types == null || types.isEmpty()) {
      return null;
    }
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i) != null && !EventTypes.isPattern(types.get(i))) {
        fields.fault("types[" + i + "]", "there is no event '" + types.get(i) + "'");
      }
    }
    return types.stream()
        .filter(type -> type != null)
        .flatMap(pattern -> EventTypes.matching(pattern).stream())
        .distinct()
        .toList();
  }

  private static Instant time(String field, String text, Fields fields) {
    if (text == null) {
      return null;
    }
    Instant time = Times.parse(text).orElse(null);
    if (time == null) {
      fields.fault(field, "must be a time, as 2030-01-31T12:00:00Z");
    }
    return time;
  }
}
