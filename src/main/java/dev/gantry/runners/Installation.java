package dev.gantry.runners;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a manifest says of one runner. Pure code.
 *
 * @param backend where it runs steps
 * @param namespace of Kubernetes
 * @param podSecurity the standard that Kubernetes enforces in the namespace
 * @param apiUrl without a path
 */
record Installation(
    String runner,
    RunnerType backend,
    String namespace,
    String podSecurity,
    String image,
    String apiUrl,
    String kafka,
    String topicPrefix) {
  static final String TOKEN = "GANTRY_RUNNER_TOKEN";

  /** Of all that belongs to the runner. */
  String name() {
    return "gantry-runner-" + runner;
  }

  /** The settings of its process but for the token, by their names in an environment. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("GANTRY_ROLES", "runner");
    environment.put("GANTRY_RUNNER_NAME", runner);
    environment.put("GANTRY_RUNNER_BACKEND", backend.text());
    environment.put("GANTRY_RUNNER_API_URL", apiUrl);
    environment.put("GANTRY_KAFKA_BOOTSTRAP_SERVERS", kafka);
    environment.put("GANTRY_KAFKA_TOPIC_PREFIX", topicPrefix);
    return environment;
  }
}
