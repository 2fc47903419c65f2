/**
 * How long executions are kept: their tables and those of their logs are partitioned by the time in
 * the executions' ids, and what is old goes with its partition, at once and for nothing. Makes the
 * partitions that will be needed, drops those that are over, and measures what the tables take.
 * Owns no table; the rooms {@code executions} and {@code logs} own those. Imports {@code database}
 * and {@code platform}. Start at {@link dev.gantry.retention.Retention}.
 */
package dev.gantry.retention;
