package dev.gantry.apikeys;

import dev.gantry.platform.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A new key, which whoever asked for it sees once: a prefix by which it is recognized where it
 * leaked, and 256 random bits. Pure code.
 */
record KeyText(String text) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  static KeyText forCallers() {
    return random("gtk_");
  }

  static KeyText forRunners() {
    return random("gtr_");
  }

  static KeyText forSteps() {
    return random("gts_");
  }

  private static KeyText random(String prefix) {
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    return new KeyText(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** As {@code http} looks keys up by. */
  byte[] hash() {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Without the key, which must not reach a log. */
  @Override
  public String toString() {
    return "KeyText[" + text.substring(0, 4) + "…]";
  }
}
