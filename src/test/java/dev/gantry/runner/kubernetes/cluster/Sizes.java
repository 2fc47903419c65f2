package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes and quantities. */
final class Sizes {
  private Sizes() {}

  static int utf8(String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  static Optional<BigDecimal> amount(Quantity quantity) {
    try {
      return Optional.of(Quantity.getAmountInBytes(quantity));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
