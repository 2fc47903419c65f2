/**
 * The aggregate and its engine: accept, states, steps, timers, retries, cancel; the only writer of
 * execution state. Owns the tables {@code executions}, {@code execution_steps} and {@code
 * idempotency_keys} and the messages in {@code protocol}. Never imports a runner: it writes
 * commands and reads events.
 */
package dev.gantry.executions;
