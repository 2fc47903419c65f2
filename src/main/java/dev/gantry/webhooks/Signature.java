package dev.gantry.webhooks;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.resources.Fields;
import io.vertx.core.MultiMap;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Signatures of Standard Webhooks: HMAC-SHA256 over the message's id, its time and its bytes,
 * compared in constant time; a time more than five minutes away is refused. Pure code.
 */
final class Signature {
  static final String ID = "webhook-id";
  private static final List<String> HEADERS = List.of(ID, "webhook-timestamp", "webhook-signature");
  private static final String PREFIX = "whsec_";
  private static final int NEW = 32;
  private static final int LEAST = 24;
  private static final int MOST = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Signature() {}

  static String newSecret() {
    byte[] key = new byte[NEW];
    RANDOM.nextBytes(key);
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  /** Adds a fault when it is no secret that a message can be signed with. */
  static void check(String field, String secret, Fields fields) {
    if (!secret.startsWith(PREFIX) || !isKey(secret.substring(PREFIX.length()))) {
      fields.fault(
          field,
          "must be %s and %d to %d bytes in base64; signed: true makes one"
              .formatted(PREFIX, LEAST, MOST));
    }
  }

  private static boolean isKey(String text) {
    try {
      int bytes = Base64.getDecoder().decode(text).length;
      return bytes >= LEAST && bytes <= MOST;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Fails with 401 for a message that was not signed with the secret, or too long ago. */
  static void require(String secret, MultiMap headers, Event event) {
    Map<String, List<String>> given = new java.util.HashMap<>();
    HEADERS.forEach(name -> given.put(name, headers.getAll(name)));
    try {
      new Webhook(secret).verify(event.text(), given);
    } catch (WebhookVerificationException e) {
      throw new ApiException(
          ErrorCode.AUTHENTICATION_ERROR,
          "The signature is not valid: " + e.getMessage(),
          Map.of("headers", HEADERS));
    }
  }
}
