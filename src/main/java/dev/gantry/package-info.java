/**
 * The process. Each package below is a room of its own, with its contract in its own words; {@code
 * docs/architecture.md} has the map of them.
 */
package dev.gantry;
