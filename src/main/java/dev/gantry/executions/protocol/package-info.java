/**
 * The messages between the engine and the runners, and nothing else: plain records, JSON on the
 * wire (log batches: a compact binary form). Every message names its type and version, so that
 * either side can be upgraded first.
 *
 * <p>{@code <prefix>.commands.<runner>}: {@link dev.gantry.executions.protocol.RunnerCommand}.
 * {@code <prefix>.steps}: {@link dev.gantry.executions.protocol.StepEvent}. {@code <prefix>.logs}:
 * {@link dev.gantry.executions.protocol.LogBatch}. All keyed by the execution's UUID.
 */
package dev.gantry.executions.protocol;
