package dev.gantry.platform;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes and reads the product's identifiers: time-ordered UUIDs (version 7, RFC 9562), shown with
 * the prefix of the resource's kind ({@code exec-018f…}). Safe from any thread, never blocks.
 */
public final class Ids {
  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  private static final long VERSION_7 = 0x7000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private Ids() {}

  /** A new identifier, greater than every one this process made in an earlier millisecond. */
  public static UUID next() {
    return GENERATOR.generate();
  }

  /** As {@link #next()}, made at {@code time}. */
  public static UUID next(Instant time) {
    UUID random = GENERATOR.generate();
    return new UUID(
        time.toEpochMilli() << 16 | (random.getMostSignificantBits() & 0xffff),
        random.getLeastSignificantBits());
  }

  /**
   * The identifier that is made at {@code time} for what {@code of} and {@code number} name: always
   * the same, and another for anything else.
   */
  public static UUID derived(Instant time, UUID of, long number) {
    UUID name = UUID.nameUUIDFromBytes((of + "/" + number).getBytes(StandardCharsets.US_ASCII));
    long random = name.getMostSignificantBits() & 0xfff;
    return new UUID(
        time.toEpochMilli() << 16 | VERSION_7 | random,
        VARIANT | (name.getLeastSignificantBits() >>> 2));
  }

  /** When the identifier was made, to the millisecond. */
  public static Instant time(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /** The least identifier that can be made at {@code time} or later, to the millisecond. */
  public static UUID first(Instant time) {
    long millis = time.toEpochMilli();
    long next = time.equals(Instant.ofEpochMilli(millis)) ? millis : millis + 1;
    return new UUID(next << 16 | VERSION_7, VARIANT);
  }

  /**
   * Reads {@code text} as {@code prefix} followed by a UUID in its canonical form; empty when it is
   * anything else, so that a caller can answer "not found" before it asks the database.
   */
  public static Optional<UUID> parse(String prefix, String text) {
    if (text == null || !text.startsWith(prefix) || text.length() != prefix.length() + 36) {
      return Optional.empty();
    }
    try {
      UUID id = UUID.fromString(text.substring(prefix.length()));
      return text.endsWith(id.toString()) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
