/**
 * The way of every message: the topics and their names, the outbox that makes a message part of the
 * state change it tells of, the relay that publishes it, and the dead letters. Owns the table
 * {@code outbox} and the topics themselves; may import {@code platform} only. Start at {@link
 * dev.gantry.messaging.Outbox}.
 */
package dev.gantry.messaging;
