package dev.gantry.webhooks;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.resources.Fields;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Signatures of Standard Webhooks: HMAC-SHA256 over the message's id, its time and its bytes,
 * compared in constant time; a time more than five minutes away is refused. Pure code.
 */
final class Signature {
  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURE = "webhook-signature";
  private static final List<String> HEADERS = List.of(ID, TIMESTAMP, SIGNATURE);
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

  /** Fails with 401 for a message that none of the secrets has signed, or too long ago. */
  static void require(List<String> secrets, MultiMap headers, Event event) {
    Map<String, List<String>> given = new HashMap<>();
    HEADERS.forEach(name -> given.put(name, headers.getAll(name)));
    String fault = null;
    for (String secret : secrets) {
      try {
        signer(secret).verify(event.text(), given);
        return;
      } catch (WebhookVerificationException e) {
        fault = e.getMessage();
      }
    }
    throw new ApiException(
        ErrorCode.AUTHENTICATION_ERROR,
        "The signature is not valid: " + fault,
        Map.of("headers", HEADERS));
  }

  /** The headers of a message that is sent, with one signature for each secret. */
  static Map<String, String> headers(String id, Instant time, String body, List<String> secrets) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(ID, id);
    headers.put(TIMESTAMP, Long.toString(time.getEpochSecond()));
    if (!secrets.isEmpty()) {
      headers.put(
          SIGNATURE,
          secrets.stream()
              .map(secret -> sign(secret, id, time.getEpochSecond(), body))
              .collect(Collectors.joining(" ")));
    }
    return headers;
  }

  private static String sign(String secret, String id, long time, String body) {
    try {
      return signer(secret).sign(id, time, body);
    } catch (WebhookSigningException e) {
      throw new IllegalStateException("this Java cannot make an HMAC", e);
    }
  }

  /** A secret of another form than {@code whsec_…} is the key itself, in UTF-8. */
  private static Webhook signer(String secret) {
    return secret.startsWith(PREFIX) && isKey(secret.substring(PREFIX.length()))
        ? new Webhook(secret)
        : new Webhook(secret.getBytes(StandardCharsets.UTF_8));
  }
}
