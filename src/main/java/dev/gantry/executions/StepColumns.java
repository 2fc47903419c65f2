package dev.gantry.executions;

import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.StepState.Waiting;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Step states as the columns of {@code execution_steps}: many rows in one statement, and back. */
final class StepColumns {
  private final List<UUID> executions = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private final List<StepState> states = new ArrayList<>();
  private final List<StepFacts> facts = new ArrayList<>();

  void add(Execution execution, int index) {
    executions.add(execution.accepted().id());
    indexes.add(index);
    states.add(execution.state(index));
    facts.add(execution.facts(index));
  }

  /**
   * Appends the arrays in the order of the columns that {@link ExecutionStore}'s statements name.
   */
  void appendTo(Tuple tuple) {
    int n = states.size();
    String[] status = new String[n];
    Integer[] attempt = new Integer[n];
    String[] runner = new String[n];
    OffsetDateTime[] queued = new OffsetDateTime[n];
    OffsetDateTime[] started = new OffsetDateTime[n];
    OffsetDateTime[] finished = new OffsetDateTime[n];
    OffsetDateTime[] retry = new OffsetDateTime[n];
    Integer[] exitCode = new Integer[n];
    String[] error = new String[n];
    String[] output = new String[n];
    Boolean[] truncated = new Boolean[n];
    Long[] lines = new Long[n];
    Long[] digest = new Long[n];
    UUID[] child = new UUID[n];
    for (int i = 0; i < n; i++) {
      StepState state = states.get(i);
      status[i] = state.status().text();
      attempt[i] = state.attempt();
      truncated[i] = false;
      lines[i] = 0L;
      digest[i] = 0L;
      queued[i] = time(facts.get(i).queuedAt());
      if (state instanceof Running running) {
        started[i] = time(running.startedAt());
        runner[i] = running.runner();
      } else if (state instanceof Delegated delegated) {
        started[i] = time(delegated.startedAt());
        child[i] = delegated.child();
        retry[i] = time(delegated.until());
      } else if (state instanceof Waiting waiting) {
        queued[i] = time(waiting.since());
        retry[i] = time(waiting.until());
        error[i] = text(waiting.error());
      } else if (state instanceof Ended ended) {
        started[i] = time(ended.startedAt());
        finished[i] = time(ended.finishedAt());
        exitCode[i] = ended.exitCode();
        error[i] = text(ended.error());
        output[i] = text(ended.output());
        truncated[i] = ended.outputTruncated();
        lines[i] = ended.logLines();
        digest[i] = ended.logDigest();
      }
    }
    tuple.addValue(executions.toArray(UUID[]::new));
    tuple.addValue(indexes.toArray(Integer[]::new));
    tuple.addValue(status).addValue(attempt).addValue(runner);
    tuple.addValue(queued).addValue(started).addValue(finished).addValue(retry);
    tuple.addValue(exitCode).addValue(error).addValue(output).addValue(truncated);
    tuple.addValue(lines).addValue(digest).addValue(child);
    tuple.addValue(facts.stream().map(each -> text(each.stored())).toArray(String[]::new));
  }

  /** PostgreSQL's text holds no NUL; a program's output may. */
  private static String text(String value) {
    return value == null ? null : value.replace('\0', '\uFFFD');
  }

  static OffsetDateTime time(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }

  private static StepState running(Row row, int attempt) {
    UUID child = row.getUUID("child_id");
    Instant since = instant(row, "started_at");
    return child == null
        ? new Running(attempt, since, row.getString("runner"))
        : new Delegated(attempt, since, child, instant(row, "retry_at"));
  }

  static StepFacts facts(Row row) {
    boolean begun = StepStatus.of(row.getString("status")).isBegun();
    return StepFacts.read(begun ? instant(row, "queued_at") : null, row.getString("facts"));
  }

  static StepState read(Row row) {
    int attempt = row.getInteger("attempt");
    StepStatus status = StepStatus.of(row.getString("status"));
    return switch (status) {
      case PENDING -> new Pending();
      case QUEUED -> new Queued(attempt, instant(row, "queued_at"));
      case RUNNING -> running(row, attempt);
      case RETRYING, REPEATING, DELAYED, AWAITING_APPROVAL ->
          new Waiting(
              attempt,
              instant(row, "queued_at"),
              instant(row, "retry_at"),
              status,
              row.getString("error"));
      default ->
          new Ended(
              attempt,
              status,
              instant(row, "started_at"),
              instant(row, "finished_at"),
              row.getInteger("exit_code"),
              row.getString("error"),
              row.getString("output"),
              row.getBoolean("output_truncated"),
              row.getLong("log_lines"),
              row.getLong("log_digest"));
    };
  }
}
