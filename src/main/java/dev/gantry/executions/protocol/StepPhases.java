package dev.gantry.executions.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * When an attempt came how far before its program began, as far as its runner knows; by the clocks
 * of where it runs.
 *
 * @param scheduledAt it was decided where it runs; null = not known
 * @param pulledAt its image was there; null = not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepPhases(Instant scheduledAt, Instant pulledAt) {
  /** Nothing is known. */
  public static final StepPhases NONE = new StepPhases(null, null);

  /** With what is known since. */
  public StepPhases and(StepPhases later) {
    return new StepPhases(
        later.scheduledAt == null ? scheduledAt : later.scheduledAt,
        later.pulledAt == null ? pulledAt : later.pulledAt);
  }
}
