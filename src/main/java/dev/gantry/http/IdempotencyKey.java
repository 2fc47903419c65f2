package dev.gantry.http;

import dev.gantry.platform.Sha256;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A caller's {@code Idempotency-Key}: the same key with the same request is answered with what the
 * first one made.
 *
 * @param fingerprint SHA-256 over the route and the body as it was understood
 */
public record IdempotencyKey(String key, byte[] fingerprint) {
  static final String HEADER = "Idempotency-Key";
  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /** Null when the request has none. */
  public static IdempotencyKey of(HttpHeaders headers, String route, Object body) {
    String key = checked(headers.getHeaderString(HEADER));
    return key == null
        ? null
        : new IdempotencyKey(
            key, Sha256.of((route + "\n" + body).getBytes(StandardCharsets.UTF_8)));
  }

  static String checked(String key) {
    return checked(HEADER, key);
  }

  /**
   * The key itself, or 400 for one of another form; null stays null.
   *
   * @param header that it came in
   */
  public static String checked(String header, String key) {
    if (key != null && !FORM.matcher(key).matches()) {
      throw ApiException.invalid(
          header, "must be 1 to 255 printable ASCII characters without spaces");
    }
    return key;
  }

  /** 422: the key belongs to another request. */
  public static ApiException usedForAnotherRequest(String key) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        422,
        "This Idempotency-Key was used with another body, route or API key; use a new key",
        Map.of("field", HEADER, "key", key));
  }

  /** 409: the first request with this key has not been answered yet. */
  public static ApiException underWay(String key, long seconds) {
    return new ApiException(
        ErrorCode.CONFLICT,
        "A request with this Idempotency-Key is under way; try again for its answer",
        Map.of("field", HEADER, "key", key, ErrorAnswers.RETRY_AFTER_SECONDS, seconds));
  }

  /** 409: there was an answer, which is shown only once. */
  static ApiException answeredOnce(String key) {
    return new ApiException(
        ErrorCode.CONFLICT,
        "This request was done, and its answer held what is shown only once; it is not kept. "
            + "If it was lost, delete what was made and make it anew with a new key",
        Map.of("field", HEADER, "key", key));
  }
}
