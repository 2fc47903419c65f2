package dev.gantry.webhooks;

import dev.gantry.webhooks.sending.Answer;
import java.time.Instant;

/**
 * One message that was sent, and what came of it.
 *
 * @param begun by the database's clock; also the message's timestamp, in seconds
 */
record Attempt(Instant begun, String url, Answer answer) {}
