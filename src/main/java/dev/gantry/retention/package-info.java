/**
 * How long executions and events are kept: their tables are partitioned by the time in the
 * executions' ids and the events' positions, and what is old goes with its partition, at once and
 * for nothing. Makes the partitions that will be needed, drops those that are over, and measures
 * what the tables take. Owns no table; the rooms {@code executions}, {@code logs} and {@code
 * events} own those. Imports {@code database} and {@code platform}. Start at {@link
 * dev.gantry.retention.Retention}.
 */
package dev.gantry.retention;
