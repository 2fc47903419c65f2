package dev.gantry.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How the topics are named and made. */
@ConfigMapping(prefix = "gantry.kafka")
public interface MessagingConfig {
  /** Of SASL, where none is set. */
  String DEFAULT_MECHANISM = "SCRAM-SHA-512";

  /** Where the brokers are, {@code host:port} separated by commas. */
  String bootstrapServers();

  /**
   * How the brokers are spoken to: {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code
   * SASL_SSL}. This and the settings of SASL and TLS reach the clients by {@link
   * KafkaSecurityConfigSourceFactory}.
   */
  @WithDefault("PLAINTEXT")
  String securityProtocol();

  /** {@code PLAIN}, {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}; the last when not set. */
  Optional<String> saslMechanism();

  Optional<String> saslUsername();

  Optional<String> saslPassword();

  /** The file with the authorities that brokers' certificates are checked against; Java's own. */
  Optional<String> sslTruststoreLocation();

  /** {@code PEM}, {@code PKCS12} or {@code JKS}; the first when not set. */
  Optional<String> sslTruststoreType();

  Optional<String> sslTruststorePassword();

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
