package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import java.time.Instant;

/**
 * How a program ended, as its backend saw it.
 *
 * @param outcome unless it was stopped, or something that it left cannot be kept
 * @param exitCode null when it is not known
 * @param error what a person should read; null when completed
 */
public record ProgramEnd(Outcome outcome, Integer exitCode, String error, Instant at) {}
