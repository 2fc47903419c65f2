package dev.gantry.runners;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest says of one runner. Pure code.
 *
 * @param backend where it runs steps
 * @param namespace of Kubernetes
 * @param podSecurity the standard that Kubernetes enforces in the namespace
 * @param apiUrl without a path
 * @param kafka as this server speaks to it, at the place that runners reach
 */
record Installation(
    String runner,
    RunnerType backend,
    String namespace,
    String podSecurity,
    String image,
    String apiUrl,
    Kafka kafka) {
  static final String TOKEN = "GANTRY_RUNNER_TOKEN";
  static final String KAFKA_USERNAME = "GANTRY_KAFKA_SASL_USERNAME";
  static final String KAFKA_PASSWORD = "GANTRY_KAFKA_SASL_PASSWORD";

  /** Where the authority of the brokers' certificates is put. */
  static final String KAFKA_AUTHORITY = "/etc/gantry/kafka/ca.crt";

  /**
   * How Kafka is reached.
   *
   * @param mechanism of the login; empty without one
   * @param ownAuthority whether the brokers' certificates are of an authority that Java does not
   *     know
   */
  record Kafka(
      String bootstrapServers,
      String topicPrefix,
      String protocol,
      Optional<String> mechanism,
      boolean ownAuthority) {}

  /** Of all that belongs to the runner. */
  String name() {
    return "gantry-runner-" + runner;
  }

  /** The settings of its process but for the credentials, by their names in an environment. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("GANTRY_ROLES", "runner");
    environment.put("GANTRY_RUNNER_NAME", runner);
    environment.put("GANTRY_RUNNER_BACKEND", backend.text());
    environment.put("GANTRY_RUNNER_API_URL", apiUrl);
    environment.put("GANTRY_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    environment.put("GANTRY_KAFKA_TOPIC_PREFIX", kafka.topicPrefix());
    environment.put("GANTRY_KAFKA_SECURITY_PROTOCOL", kafka.protocol());
    kafka.mechanism().ifPresent(name -> environment.put("GANTRY_KAFKA_SASL_MECHANISM", name));
    if (kafka.ownAuthority()) {
      environment.put("GANTRY_KAFKA_SSL_TRUSTSTORE_LOCATION", KAFKA_AUTHORITY);
    }
    return environment;
  }
}
