package dev.gantry.events;

import java.time.Instant;
import java.util.UUID;

/**
 * An event that has been told: Kafka has it.
 *
 * @param position its place in the order of telling, over all organizations; microseconds since
 *     1970, counted up where two would be equal
 * @param id of the CloudEvent, made of subject and sequence
 * @param traceparent of the request that the event goes back to, or null
 * @param data a JSON object
 */
public record ToldEvent(
    long position,
    UUID organizationId,
    String id,
    String type,
    String subject,
    long sequence,
    Instant time,
    String traceparent,
    String data) {}
