package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import java.time.Instant;

/**
 * Why and until when a program is asked to end.
 *
 * @param outcome what the attempt is then told as
 * @param killAt when it is killed
 */
record Stop(Outcome outcome, Instant killAt, String reason) {
  String format() {
    return outcome + "\n" + killAt.toEpochMilli() + "\n" + reason;
  }

  static Stop parse(String text) {
    String[] lines = text.split("\n", 3);
    return new Stop(
        Outcome.valueOf(lines[0]), Instant.ofEpochMilli(Long.parseLong(lines[1])), lines[2]);
  }
}
