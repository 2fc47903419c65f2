package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.executions.AgentSteps.AgentStep;
import java.time.Duration;
import java.time.Instant;

/**
 * What is stored of a turn at a time. Pure code.
 *
 * @param now when it was read
 */
record View(AgentStep step, Transcript transcript, Instant now) {
  Prompted prompted() {
    return transcript.prompted().orElseThrow();
  }

  /** When its time began to count: what it has waited for its turn before is not its own. */
  Instant began() {
    return transcript.promptedAt().orElse(now);
  }

  /** When a call that nobody has decided counts as rejected. */
  Instant deadline(Called call, Duration patience) {
    return transcript.calledAt(call.callId()).plus(patience);
  }
}
