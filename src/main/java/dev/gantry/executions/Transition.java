package dev.gantry.executions;

/**
 * A move of an execution or of one of its steps.
 *
 * @param step null = the execution itself
 * @param attempt that the step was at afterwards; 0 before the first, and for the execution
 * @param before a status; null = it was accepted
 * @param after a status
 */
record Transition(Integer step, int attempt, String before, String after) {}
