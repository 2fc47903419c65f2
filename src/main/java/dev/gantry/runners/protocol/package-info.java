/**
 * What runners tell of themselves, and nothing else: plain records, JSON on the wire. Unknown
 * fields are ignored, so that either side can be upgraded first.
 *
 * <p>{@code <prefix>.heartbeats}: {@link dev.gantry.runners.protocol.Heartbeat}, keyed by runner
 * and instance.
 */
package dev.gantry.runners.protocol;
