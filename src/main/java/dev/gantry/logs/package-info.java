/**
 * The log of an execution: stored in compressed chunks, read in pages, streamed live. Owns the
 * tables {@code log_chunks}, {@code log_attempts} and {@code log_progress}, reads the logs topic,
 * and answers the routes {@code …/{execution_id}/logs}. Other rooms read through {@link
 * dev.gantry.logs.StepLogs}. May import executions (through {@code LoggedExecutions} and {@code
 * protocol}), http, messaging, database and platform.
 *
 * <p>All lines of an execution lie in one partition, so a line's offset and its index in its batch
 * are its id: the same for every reader, whether it comes from the store or live. Start reading at
 * {@link dev.gantry.logs.LogStore}, then {@link dev.gantry.logs.LogStream}.
 */
package dev.gantry.logs;
