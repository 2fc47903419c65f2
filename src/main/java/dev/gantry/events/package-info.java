/**
 * What is told to the world: CloudEvents 1.0 on {@code <prefix>.events}, ordered and counted per
 * subject, and read back from the database by pages and streams. The outbox's relay fills the table
 * {@code events} once Kafka has an event. Imports {@code platform}, {@code messaging} and {@code
 * http}.
 */
package dev.gantry.events;
