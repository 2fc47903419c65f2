package dev.gantry.webhooks;

import dev.gantry.platform.Ids;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which delivery is meant: of one event to one webhook. Its text is the {@code webhook-id} of all
 * its messages, and so the same when it is sent again. Pure code.
 *
 * @param position of the event
 */
record DeliveryId(long position, UUID webhook) {
  private static final String PREFIX = "msg_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "([0-9]{1,18})_(.{36})");

  /** Empty for what is no delivery of this webhook. */
  static Optional<DeliveryId> parse(String text, UUID webhook) {
    Matcher parts = FORM.matcher(text);
    return parts.matches() && Ids.parse("", parts.group(2)).filter(webhook::equals).isPresent()
        ? Optional.of(new DeliveryId(Long.parseLong(parts.group(1)), webhook))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return PREFIX + position + "_" + webhook;
  }
}
