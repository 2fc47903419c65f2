package dev.gantry.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.lang.management.ManagementFactory;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ClientMetricsTest {
  @Test
  void areToldInOnePlace() throws MalformedObjectNameException {
    assertThat(RestAssured.get("/q/metrics").asString())
        .contains("kafka_producer_record_send_total{", "client_id=\"kafka-producer-outbox\"")
        .contains("kafka_consumer_fetch_manager_records_lag_max{");
    assertThat(
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(
                    new ObjectName("kafka.producer:client-id=kafka-producer-outbox,*"), null))
        .isEmpty();
  }
}
