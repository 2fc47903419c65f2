/**
 * The runner role: takes commands from {@code <prefix>.commands.<name>}, runs their steps through a
 * backend, and answers with step events and counted log batches. Asks the API for what a step is
 * granted, and masks it in what comes back. Owns no table and never reaches the database. May
 * import {@code platform}, {@code messaging} (topics, dead letters), {@code workflows}
 * (substitution) and {@code executions.protocol}. Start at {@link dev.gantry.runner.Runner}, then
 * {@link dev.gantry.runner.Segment}; {@code local} is the backend of host processes, {@code disk}
 * what a backend of one host keeps there, {@code masking} what hides secrets.
 */
package dev.gantry.runner;
