package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads {@code retryPolicy}. */
final class RetryPolicyReader {
  static final Keys KEYS =
      Keys.of(
          "limit",
          "intervalSec",
          "backoff",
          "exponentialBase",
          "maxIntervalSec",
          "exitCodes",
          "exitCode",
          "retryOn");

  private static final int MOST_ATTEMPTS = 1_000;
  private static final int LARGEST_BASE = 100;
  private static final double DOUBLING = 2;

  /** A failed attempt is not followed by the next one at once, unless the definition says so. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private RetryPolicyReader() {}

  static RetryPolicy read(Field policy) {
    if (policy == null) {
      return RetryPolicy.NONE;
    }
    Fields fields = Fields.of(policy, KEYS);
    if (!fields.has("limit")) {
      fields.missing("limit");
    }
    return new RetryPolicy(
        fields.has("limit") ? fields.get("limit").integer(0, MOST_ATTEMPTS) : 0,
        fields.has("intervalSec") ? fields.duration("intervalSec") : INTERVAL,
        base(fields.get(fields.oneOf("backoff", "exponentialBase"))),
        fields.duration("maxIntervalSec"),
        exitCodes(fields.get(fields.oneOf("exitCodes", "exitCode"))),
        retryOn(fields.get("retryOn")));
  }

  /** {@code backoff} is also written true (the interval doubles) or false. */
  private static double base(Field base) {
    if (base == null) {
      return 1;
    }
    String text = base.value() instanceof Value.Scalar scalar ? scalar.text() : "";
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> DOUBLING;
      case "false" -> 1;
      default -> base.decimal(1, LARGEST_BASE);
    };
  }

  private static List<String> retryOn(Field texts) {
    if (texts == null) {
      return List.of();
    }
    List<Field> items = texts.oneOrMore();
    items.forEach(TextPattern::check);
    return texts.texts();
  }

  static List<Integer> exitCodes(Field codes) {
    if (codes == null) {
      return List.of();
    }
    List<Integer> all = new ArrayList<>();
    codes.oneOrMore().forEach(code -> all.add(code.integer(0, 255)));
    return List.copyOf(all);
  }
}
