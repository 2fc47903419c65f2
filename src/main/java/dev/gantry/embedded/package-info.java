/**
 * The embedded default: real PostgreSQL and a real Kafka broker beside the application, for trying
 * Gantry and for its tests; the launcher that starts and stops all three, and {@code gantry run}.
 * Never part of the production image's class path; no other room may import it. Start at {@link
 * dev.gantry.embedded.Launcher}.
 */
package dev.gantry.embedded;
