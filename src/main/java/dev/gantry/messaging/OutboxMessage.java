package dev.gantry.messaging;

import java.util.Map;

/**
 * A message to be published, written in the transaction of the state change it tells of.
 *
 * @param topic the topic's full name
 * @param key orders the message among those with the same key
 * @param headers of the Kafka record; values are UTF-8
 */
public record OutboxMessage(
    String topic, String key, Map<String, String> headers, byte[] payload) {}
