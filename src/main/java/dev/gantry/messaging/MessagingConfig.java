package dev.gantry.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the topics are named and made. */
@ConfigMapping(prefix = "gantry.kafka")
public interface MessagingConfig {
  /** Where the brokers are, {@code host:port} separated by commas. */
  String bootstrapServers();

  /** What all topics begin with; two installations on one broker need two. */
  @WithDefault("gantry")
  String topicPrefix();

  /** Partitions of a topic that is created; one that exists keeps its own. */
  @WithDefault("8")
  int partitions();

  /** Replicas of a topic that is created; -1 = the broker's default. */
  @WithDefault("-1")
  short replicationFactor();

  /** How long the broker keeps commands, step events and public events. */
  @WithDefault("7d")
  Duration messageRetention();

  /** How long the broker keeps log batches; the log store keeps them longer. */
  @WithDefault("1d")
  Duration logRetention();

  /** How long dead letters are kept. */
  @WithDefault("30d")
  Duration deadLetterRetention();
}
