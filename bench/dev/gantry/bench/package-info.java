/**
 * The load driver: starts a Gantry of its own on this machine, loads it, checks every answer and
 * measures the figures that the project promises. A bench, never a test: it judges speed on the
 * machine at hand. It knows Gantry by its command line and its API only. Start at {@link
 * dev.gantry.bench.Bench}; {@code bench/README.md} says how to read the result.
 */
package dev.gantry.bench;
