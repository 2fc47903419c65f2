package dev.gantry.platform;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a distributed trace, as the header {@code traceparent} of W3C Trace Context (level 1)
 * tells it.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero
 * @param flags two hexadecimal digits; the lowest bit says that the caller may have recorded it
 */
public record TraceContext(String traceId, String spanId, String flags) {
  public static final String HEADER = "traceparent";
  public static final String RECORDED = "01";
  public static final String NOT_RECORDED = "00";

  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /**
   * Empty when there is none, or none that is well-formed: whoever gets one that is not begins a
   * trace of its own. Of a later version, what this one knows is read.
   */
  public static Optional<TraceContext> parse(String header) {
    Matcher matcher = FORM.matcher(header == null ? "" : header.strip());
    return matcher.matches() && (matcher.group(5) == null || !matcher.group(1).equals("00"))
        ? Optional.of(new TraceContext(matcher.group(2), matcher.group(3), matcher.group(4)))
        : Optional.empty();
  }

  /** The header. */
  public String text() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }
}
