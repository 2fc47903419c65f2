package dev.gantry.http.idempotency;

import java.util.UUID;

/**
 * The right to answer for a key. It lasts for a while, and is lost to who asks again after that.
 *
 * @param holder of this one request
 * @param secret the answer's body is not to be stored
 */
public record Reservation(UUID organization, String key, UUID holder, boolean secret) {}
