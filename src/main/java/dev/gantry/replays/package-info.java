/**
 * Events that are told once more: {@code POST /events/replay} puts what is kept of a stretch of
 * time onto a topic of its own, as it was, or has a webhook told of it. Owns the table {@code
 * event_replays}. Start at {@link dev.gantry.replays.Replayer}.
 */
package dev.gantry.replays;
