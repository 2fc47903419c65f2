package dev.gantry.messaging;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/**
 * The metrics of Kafka's clients are told by {@code /q/metrics} alone: neither to the broker as
 * well nor in JMX, where each of some hundred per client is an object of its own that delays the
 * start.
 */
@ApplicationScoped
class ClientMetrics implements ClientCustomizer<Map<String, Object>> {
  @Override
  public Map<String, Object> customize(String channel, Config config, Map<String, Object> client) {
    client.put("enable.metrics.push", false);
    client.put("metric.reporters", List.of());
    return client;
  }
}
