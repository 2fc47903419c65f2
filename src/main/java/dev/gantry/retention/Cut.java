package dev.gantry.retention;

import dev.gantry.platform.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Tables that are cut into the same stretches of time, by a column whose values begin with their
 * time. Pure code.
 *
 * @param keys the tables and the column of each; the first table says where all are cut
 * @param bound the least value of a time, as SQL writes it between quotes
 * @param time of such a value
 * @param wanted what there is in the first table's partition while it is still wanted, whatever its
 *     age: a condition on $1, the time up to which all is old; null = it goes by its age alone
 */
record Cut(
    Map<String, String> keys,
    Function<Instant, String> bound,
    Function<String, Instant> time,
    String wanted) {

  /** By the ids of executions. */
  static final Cut EXECUTIONS =
      new Cut(
          byExecution(),
          time -> Ids.first(time).toString(),
          text -> Ids.time(UUID.fromString(text)),
          "completed_at is null or completed_at > $1");

  /** By the positions of events: they, and what became of them as webhooks. */
  static final Cut EVENTS =
      new Cut(
          byPosition(),
          time -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time)),
          text -> Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS),
          null);

  static final List<Cut> ALL = List.of(EXECUTIONS, EVENTS);

  private static Map<String, String> byExecution() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("executions", "id");
    keys.put("execution_steps", "execution_id");
    keys.put("execution_transitions", "execution_id");
    keys.put("log_chunks", "execution_id");
    keys.put("log_attempts", "execution_id");
    keys.put("artifacts", "execution_id");
    keys.put("artifact_pieces", "execution_id");
    return keys;
  }

  private static Map<String, String> byPosition() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("events", "position");
    keys.put("webhook_deliveries", "position");
    keys.put("webhook_attempts", "position");
    return keys;
  }

  Set<String> tables() {
    return keys.keySet();
  }

  /** The table that says where all are cut. */
  String first() {
    return keys.keySet().iterator().next();
  }
}
