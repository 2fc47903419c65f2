package dev.gantry.webhooks;

import dev.gantry.platform.Backoff;
import dev.gantry.platform.Durations;
import dev.gantry.platform.RetryAfter;
import dev.gantry.webhooks.sending.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What an attempt, or that there was none, means for a delivery. Pure code.
 *
 * @param reason null when all is well
 * @param pause before it is tried again; null when it has ended
 */
record Outcome(Status status, String reason, Duration pause) {
  /** How far a delivery is. */
  enum Status {
    PENDING,
    DELIVERED,
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As metrics name it. */
  String told() {
    return status == Status.PENDING ? "retried" : status.text();
  }

  static Outcome failed(String reason) {
    return new Outcome(Status.FAILED, reason, null);
  }

  /** Of an attempt whose answer came now. */
  static Outcome of(Claimed delivery, Answer answer, Backoff backoff, Instant now) {
    if (answer.isTaken()) {
      return new Outcome(Status.DELIVERED, null, null);
    }
    if (answer.isGone()) {
      return failed("the receiver wants no more: " + answer.error());
    }
    Duration asked = RetryAfter.of(answer.headers().get("retry-after"), now);
    Duration planned = backoff.after(delivery.tries());
    Duration wait = asked.compareTo(planned) > 0 ? asked : planned;
    if (now.plus(wait).isAfter(delivery.until())) {
      return failed("not tried again, after " + attempts(delivery) + ": " + answer.error());
    }
    return new Outcome(
        Status.PENDING,
        "tried again in about "
            + Durations.format(Duration.ofSeconds(wait.toSeconds()))
            + ": "
            + answer.error(),
        wait);
  }

  private static String attempts(Claimed delivery) {
    return delivery.tries() == 1 ? "one attempt" : delivery.tries() + " attempts";
  }
}
