/**
 * The aggregate and its engine: accept, states, steps, timers, retries, cancel; the only writer of
 * execution state. Owns the tables {@code executions} and {@code execution_steps} and the messages
 * in {@code protocol}; its one statement of acceptance also writes {@code idempotency_keys}, {@code
 * outbox} and {@code audit}. Never imports a runner: it writes commands and reads events.
 */
package dev.gantry.executions;
