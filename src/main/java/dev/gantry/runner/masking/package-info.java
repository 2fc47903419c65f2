/**
 * Keeps the values of secrets out of what a step's program wrote, before any of it leaves the
 * runner. Pure code, used by every backend, and for what is said to agents. Start at {@link
 * dev.gantry.runner.masking.Mask}.
 */
package dev.gantry.runner.masking;
