package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Budgets;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.models.Usage;
import dev.gantry.platform.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a turn has taken more of than it may.
 *
 * @param reason names the budget, what was taken of it, and how to have more
 */
record Overrun(Outcome outcome, String reason) {
  /**
   * @param began when the turn's time began to count
   */
  static Optional<Overrun> of(
      Transcript transcript, Budgets budgets, Instant began, int depth, Instant now) {
    Usage usage = transcript.usage();
    long tokens = usage.inputTokens() + usage.outputTokens();
    if (depth > budgets.depth()) {
      return failed(
          "is %d executions below the first, of which its budget allows %d"
              .formatted(depth, budgets.depth()),
          "depth");
    }
    if (tokens > budgets.tokens()) {
      return failed(
          "took %d tokens, of which its budget allows %d".formatted(tokens, budgets.tokens()),
          "tokens");
    }
    if (budgets.cost() != null
        && usage.cost() != null
        && usage.cost().compareTo(budgets.cost()) > 0) {
      return failed(
          "cost %s, of which its budget allows %s"
              .formatted(usage.cost().toPlainString(), budgets.cost().toPlainString()),
          "cost");
    }
    if (transcript.callsMade() > budgets.calls()) {
      return failed(
          "called %d tools, of which its budget allows %d"
              .formatted(transcript.callsMade(), budgets.calls()),
          "calls");
    }
    return left(transcript, budgets, began, now).isZero()
        ? Optional.of(
            new Overrun(
                Outcome.TIMED_OUT,
                reason(
                    "took longer than the " + Durations.format(budgets.time()) + " of its budget",
                    "time")))
        : Optional.empty();
  }

  private static Optional<Overrun> failed(String what, String budget) {
    return Optional.of(new Overrun(Outcome.FAILED, reason(what, budget)));
  }

  private static String reason(String what, String budget) {
    return "the turn %s: the agent's policy can set budgets.%s".formatted(what, budget);
  }

  /** How much longer the turn may take; zero = no longer. */
  static Duration left(Transcript transcript, Budgets budgets, Instant began, Instant now) {
    Duration taken = Duration.between(began, now).minus(transcript.waited(now));
    Duration left = budgets.time().minus(taken);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
