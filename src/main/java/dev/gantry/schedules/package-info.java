/**
 * Schedules: workflows that are started by themselves, at the times that cron expressions mean.
 * Owns the tables {@code schedules} and {@code schedule_slots} and the routes under {@code
 * /schedules}; tells no events of its own. A slot is taken and its execution accepted in one
 * transaction, so that it fires once, however many processes there are; times are the database's.
 * Imports {@code executions}, {@code tools} and {@code resources}. Start at {@link
 * dev.gantry.schedules.Scheduler}.
 */
package dev.gantry.schedules;
