package dev.gantry.messaging;

import io.smallrye.health.api.Wellness;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * How far this process is behind on what it consumes, in messages, by channel. Told in {@code
 * /q/health/well} and always up: a process that is behind is neither dead nor unready, and is not
 * helped by a restart. Any thread; does not block.
 */
@Wellness
@ApplicationScoped
public class ConsumerLag implements HealthCheck {
  private final KafkaClientService clients;

  ConsumerLag(KafkaClientService clients) {
    this.clients = clients;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("Kafka consumer lag").up();
    for (String channel : clients.getConsumerChannels()) {
      answer.withData(channel, of(clients.getConsumer(channel).unwrap().metrics()));
    }
    return answer.build();
  }

  /** The sum over the partitions that the consumer has and has read from. */
  static long of(Map<MetricName, ? extends Metric> metrics) {
    double lag = 0;
    for (Map.Entry<MetricName, ? extends Metric> each : metrics.entrySet()) {
      boolean ofPartition =
          each.getKey().name().equals("records-lag")
              && each.getKey().tags().containsKey("partition");
      if (ofPartition && each.getValue().metricValue() instanceof Double value && value > 0) {
        lag += value;
      }
    }
    return (long) lag;
  }
}
