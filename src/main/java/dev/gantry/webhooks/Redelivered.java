package dev.gantry.webhooks;

/**
 * How many deliveries are sent once more.
 *
 * @param redelivered at most 10,000; ask again for more
 */
record Redelivered(long redelivered) {}
