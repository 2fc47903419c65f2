package dev.gantry.models;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * A model that may be asked.
 *
 * @param name what callers call it
 * @param model what its provider calls it
 * @param baseUrl null when the organization names it in the secret {@code baseUrlSecret}
 * @param key null when the organization has it in the secret {@code keySecret}, or there is none
 * @param patience with one answer
 * @param retries after the first try
 * @param fallback the name of the model that is asked when this one does not answer; null = none
 * @param maxOutputTokens for calls that do not say it; null = the provider's own
 * @param price null = unknown
 * @param organizations who may ask it; empty = all
 */
record ConfiguredModel(
    String name,
    Provider provider,
    String model,
    URI baseUrl,
    String baseUrlSecret,
    String key,
    String keySecret,
    Patience patience,
    int retries,
    String fallback,
    Integer maxOutputTokens,
    Price price,
    Set<UUID> organizations) {
  /**
   * @param firstByte until the answer begins
   * @param idle between two pieces of it
   * @param whole until its end
   */
  record Patience(Duration firstByte, Duration idle, Duration whole) {
    Patience atMost(Duration rest) {
      return new Patience(firstByte, idle, rest);
    }
  }

  /** For a million tokens, in whatever unit the operator counts. */
  record Price(BigDecimal input, BigDecimal output) {
    private static final int MILLION = 6;

    BigDecimal of(long inputTokens, long outputTokens) {
      return input
          .multiply(BigDecimal.valueOf(inputTokens))
          .add(output.multiply(BigDecimal.valueOf(outputTokens)))
          .movePointLeft(MILLION)
          .stripTrailingZeros();
    }
  }

  boolean isFor(UUID organization) {
    return organizations.isEmpty() || organizations.contains(organization);
  }

  /** Without its key. */
  @Override
  public String toString() {
    return "ConfiguredModel[" + name + "]";
  }
}
