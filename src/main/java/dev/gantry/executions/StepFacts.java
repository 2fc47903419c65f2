package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepPhases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What is known of a step beside the state that it is in. Pure code.
 *
 * @param disruptions how many of its attempts the platform has ended, so that they count for none
 *     of the step's own policies
 * @param queuedAt when the attempt under way, or the last, was handed out; null = not known
 * @param waits what the runner says that the attempt waits for; null = nothing
 */
record StepFacts(int disruptions, Instant queuedAt, StepPhases phases, String waits) {
  static final StepFacts NONE = new StepFacts(0, null, StepPhases.NONE, null);

  /** As it is stored, without the time, which has a column of its own. */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private record Stored(int disruptions, Instant scheduledAt, Instant pulledAt, String waits) {}

  /** One more attempt was ended by the platform. */
  StepFacts disrupted() {
    return new StepFacts(disruptions + 1, queuedAt, phases, waits);
  }

  /** The next attempt is handed out. */
  StepFacts queued(Instant at) {
    return new StepFacts(disruptions, at, StepPhases.NONE, null);
  }

  /** No attempt is under way, nor was the last one. */
  StepFacts unbegun() {
    return queuedAt == null ? this : new StepFacts(disruptions, null, StepPhases.NONE, null);
  }

  /** The runner tells more of the attempt, which waits for this. */
  StepFacts waiting(String reason, StepPhases more) {
    return new StepFacts(disruptions, queuedAt, phases.and(more), reason);
  }

  /** The runner tells more of the attempt, which waits no longer. */
  StepFacts and(StepPhases more) {
    boolean news = waits != null || !more.equals(StepPhases.NONE);
    return news ? new StepFacts(disruptions, queuedAt, phases.and(more), null) : this;
  }

  /** As JSON; null when there is nothing to store. */
  String stored() {
    return disruptions == 0 && waits == null && phases.equals(StepPhases.NONE)
        ? null
        : new String(
            ProtocolJson.write(
                new Stored(disruptions, phases.scheduledAt(), phases.pulledAt(), waits)),
            StandardCharsets.UTF_8);
  }

  static StepFacts read(Instant queuedAt, String json) {
    if (json == null) {
      return queuedAt == null ? NONE : NONE.queued(queuedAt);
    }
    try {
      Stored stored = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Stored.class);
      return new StepFacts(
          stored.disruptions(),
          queuedAt,
          new StepPhases(stored.scheduledAt(), stored.pulledAt()),
          stored.waits());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
