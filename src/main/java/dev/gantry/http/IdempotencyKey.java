package dev.gantry.http;

import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A caller's {@code Idempotency-Key}: the same key with the same request is answered with what the
 * first one made.
 *
 * @param fingerprint SHA-256 over the route and the body as it was understood
 */
public record IdempotencyKey(String key, byte[] fingerprint) {
  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /** Null when the request has none. */
  public static IdempotencyKey of(HttpHeaders headers, String route, Object body) {
    String key = headers.getHeaderString("Idempotency-Key");
    if (key == null) {
      return null;
    }
    if (!FORM.matcher(key).matches()) {
      throw ApiException.invalid(
          "Idempotency-Key", "must be 1 to 255 printable ASCII characters without spaces");
    }
    return new IdempotencyKey(key, sha256(route + "\n" + body));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** 422: the key belongs to another request. */
  public static ApiException usedForAnotherRequest(String key) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        422,
        "This Idempotency-Key was used with another body; use a new key",
        Map.of("field", "Idempotency-Key", "key", key));
  }
}
