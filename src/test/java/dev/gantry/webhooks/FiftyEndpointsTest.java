package dev.gantry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Receiver;
import dev.gantry.testing.Receiver.Got;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Fifty servers, of which ten never answer, ten answer 500, five redirect to where nobody may be
 * led, and five want no more: the other twenty get each event once, and soon.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class FiftyEndpointsTest {
  private static final int EVENTS = 100;
  private static final Duration BETWEEN = Duration.ofMillis(100);

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Subscriptions subscriptions = new Subscriptions(mine);
  private final Telling telling = new Telling(mine);
  private final List<ServerSocket> hanging = new ArrayList<>();
  private final Map<String, Receiver> receivers = new LinkedHashMap<>();

  @AfterEach
  void stop() throws IOException {
    receivers.values().forEach(Receiver::close);
    for (ServerSocket socket : hanging) {
      socket.close();
    }
  }

  /** By the subscriptions' uuids. */
  private Map<String, Receiver> answering(int count, int status) {
    Map<String, Receiver> made = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Receiver receiver =
          new Receiver(status).with("Location", "http://169.254.169.254/latest/meta-data");
      made.put(subscriptions.to(receiver.url(), ""), receiver);
    }
    receivers.putAll(made);
    return made;
  }

  /** Takes connections, and never says anything. */
  private List<String> hanging(int count) throws IOException {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
      hanging.add(socket);
      made.add(subscriptions.to("http://127.0.0.1:" + socket.getLocalPort() + "/", ""));
    }
    return made;
  }

  @Test
  void theHealthyAreNotDelayed() throws IOException {
    List<String> hang = hanging(10);
    Map<String, Receiver> failing = answering(10, 500);
    Map<String, Receiver> redirecting = answering(5, 302);
    Map<String, Receiver> gone = answering(5, 410);
    Map<String, Receiver> healthy = answering(20, 200);

    Set<String> told = new TreeSet<>();
    Instant next = Instant.now();
    for (int i = 0; i < EVENTS; i++) {
      Instant due = next;
      await().pollInterval(Duration.ofMillis(5)).until(() -> Instant.now().isAfter(due));
      told.add(telling.completed("exec-" + i % 7));
      next = next.plus(BETWEEN);
    }

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> healthy.values().stream().allMatch(each -> each.got().size() >= EVENTS));
    List<Long> delays = new ArrayList<>();
    for (Receiver receiver : healthy.values()) {
      assertThat(receiver.got()).hasSize(EVENTS);
      assertThat(receiver.got()).extracting(Got::id).doesNotHaveDuplicates();
      assertThat(receiver.got())
          .extracting(got -> got.json().get("id").textValue())
          .containsExactlyInAnyOrderElementsOf(told);
      receiver.got().forEach(got -> delays.add(delay(got)));
    }
    delays.sort(null);
    long p99 = delays.get(delays.size() * 99 / 100);
    System.out.printf(
        "webhooks: %d messages to 20 healthy of 50 servers, p50 %d ms, p99 %d ms, max %d ms%n",
        delays.size(), delays.get(delays.size() / 2), p99, delays.get(delays.size() - 1));
    assertThat(p99).isLessThan(5000);

    hang.forEach(uuid -> assertWaits(uuid, "no answer within 10s"));
    failing.keySet().forEach(uuid -> assertWaits(uuid, "answered 500"));
    redirecting.keySet().forEach(uuid -> assertWaits(uuid, "redirects are not followed"));
    for (String uuid : gone.keySet()) {
      await().until(() -> subscriptions.get(uuid).path("status").equals("disabled"));
      assertThat(subscriptions.deliveries(uuid))
          .isNotEmpty()
          .allMatch(delivery -> delivery.get("status").equals("failed"));
    }
    failing.values().forEach(each -> assertThat(each.got().size()).isBetween(1, EVENTS));
  }

  private static long delay(Got got) {
    Instant event = Instant.parse(got.json().get("timestamp").textValue());
    return Duration.between(event, got.at()).toMillis();
  }

  /** Nothing has ended, and those that were tried say why it was not taken. */
  private void assertWaits(String uuid, String reason) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              var all = mine.json().get(Subscriptions.path(uuid) + "/deliveries?limit=100");
              List<Map<String, Object>> deliveries = all.path("deliveries");
              assertThat(deliveries)
                  .hasSize(EVENTS)
                  .allMatch(each -> each.get("status").equals("pending"));
              assertThat(deliveries)
                  .filteredOn(each -> each.get("reason") != null)
                  .isNotEmpty()
                  .allMatch(each -> each.get("reason").toString().contains(reason));
            });
  }
}
