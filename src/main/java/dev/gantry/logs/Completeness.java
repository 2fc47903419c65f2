package dev.gantry.logs;

import dev.gantry.executions.LoggedExecutions.LoggedExecution;
import dev.gantry.executions.LoggedExecutions.LoggedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether all that an execution's steps printed is there.
 *
 * @param lines how many there are
 * @param digest the sum of the attempts' digests
 * @param gaps sentences that name what is missing; empty = complete
 */
record Completeness(long lines, long digest, List<String> gaps) {
  /** Compares what came with what the runners counted; {@code step} null = all steps. */
  static Completeness of(
      LoggedExecution execution, Map<AttemptLog.Key, AttemptLog> attempts, Integer step) {
    long lines = 0;
    long digest = 0;
    List<String> gaps = new ArrayList<>();
    for (AttemptLog attempt : attempts.values()) {
      if (step != null && attempt.key().step() != step) {
        continue;
      }
      lines += attempt.lines();
      digest += attempt.digest();
      if (attempt.missing() > 0) {
        gaps.add(name(execution, attempt.key()) + ": " + attempt.missing() + " lines are missing");
      } else if (attempt.ended() && !attempt.whole()) {
        gaps.add(name(execution, attempt.key()) + ": the lines are not those that were counted");
      }
    }
    for (LoggedStep counted : execution.steps()) {
      AttemptLog.Key key = new AttemptLog.Key(counted.index(), counted.attempt());
      AttemptLog came = attempts.get(key);
      long present = came == null ? 0 : came.lines();
      if ((step == null || step == counted.index()) && present < counted.lines()) {
        gaps.add(
            name(execution, key)
                + ": "
                + present
                + " of "
                + counted.lines()
                + " lines came so far");
      }
    }
    return new Completeness(lines, digest, gaps);
  }

  private static String name(LoggedExecution execution, AttemptLog.Key key) {
    return "step '" + execution.steps().get(key.step()).name() + "' attempt " + key.attempt();
  }

  boolean complete() {
    return gaps.isEmpty();
  }

  /** Appends {@code "complete":…} and the gaps, if any, as members of an object. */
  void appendTo(JsonBytes out) {
    out.raw("\"lines\":").number(lines).raw(",\"complete\":").raw(Boolean.toString(complete()));
    if (!complete()) {
      out.raw(",\"gaps\":[");
      for (int i = 0; i < gaps.size(); i++) {
        out.raw(i == 0 ? "" : ",").string(gaps.get(i));
      }
      out.raw("]");
    }
  }
}
