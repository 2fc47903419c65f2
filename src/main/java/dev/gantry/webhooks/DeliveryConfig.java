package dev.gantry.webhooks;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How subscriptions are told of events; a part of {@link WebhooksConfig}. */
interface DeliveryConfig {
  /** How long a receiver has for its answer, from the look-up of its name. */
  @WithDefault("10s")
  Duration timeout();

  /** What is waited after the first failure, the second …; the last one is for all that follow. */
  @WithDefault("5s,30s,2m,10m,30m,1h,3h,6h,12h,24h")
  List<Duration> retryDelays();

  /** Since an event was told; then its delivery has failed. */
  @WithDefault("3d")
  Duration retryFor();

  /** How many deliveries a process has under way at most. */
  @WithDefault("256")
  int atOnce();

  /** How many of them an organization has under way to one host and port. */
  @WithDefault("8")
  int atOncePerDestination();

  /** After so many failures in a row, a host and port gets one delivery at a time as a probe. */
  @WithDefault("5")
  int circuitFailures();

  /** How long nothing is sent before a probe. */
  @WithDefault("30s")
  Duration circuitPause();

  /** How long messages are also signed with the secret before the rotation. */
  @WithDefault("24h")
  Duration secretOverlap();
}
