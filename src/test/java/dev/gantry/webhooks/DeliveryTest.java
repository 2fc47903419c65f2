package dev.gantry.webhooks;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Receiver;
import dev.gantry.testing.Receiver.Got;
import dev.gantry.testing.TestOrganization;
import dev.gantry.webhooks.DestinationStore.Place;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What subscriptions get, when, how often, and what is told of it; with waits that are short. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(DeliveryTest.ShortWaits.class)
class DeliveryTest {
  /** As by default, but for the times. */
  public static class ShortWaits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gantry.webhooks.max-per-organization", "4",
          "gantry.webhooks.delivery.timeout", "2s",
          "gantry.webhooks.delivery.retry-delays", "300ms,600ms",
          "gantry.webhooks.delivery.retry-for", "4s",
          "gantry.webhooks.delivery.circuit-pause", "700ms");
    }
  }

  @Inject DeliveryStore store;
  @Inject Messenger messenger;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Subscriptions subscriptions = new Subscriptions(mine);
  private final Telling telling = new Telling(mine);
  private final List<Receiver> receivers = new ArrayList<>();
  private Receiver receiver;

  @BeforeEach
  void start() {
    receiver = receiver(200);
  }

  @AfterEach
  void stop() {
    receivers.forEach(Receiver::close);
  }

  private Receiver receiver(int status) {
    Receiver made = new Receiver(status);
    receivers.add(made);
    return made;
  }

  private static List<Got> awaitGot(Receiver receiver, int messages) {
    await().atMost(Duration.ofSeconds(20)).until(() -> receiver.got().size() >= messages);
    return receiver.got();
  }

  private static void verify(Got got, String secret) throws WebhookVerificationException {
    new Webhook(secret).verify(got.body(), got.headers());
  }

  private static void run(String sql, Object... values) {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void sendsWhatTheReferenceShowsSigned() throws WebhookVerificationException {
    String uuid = subscriptions.to(receiver.url(), "");

    String event = telling.completed("exec-1");
    telling.tell("agent.created", "a", "{\"agent\": {}}");

    Got got = awaitGot(receiver, 1).get(0);
    assertThat(got.json().fieldNames())
        .toIterable()
        .containsExactly("event", "data", "timestamp", "id", "subject", "sequence");
    assertThat(got.json().get("event").textValue()).isEqualTo("workflow.completed");
    assertThat(got.json().at("/data/workflow/name").textValue()).isEqualTo("deploy");
    assertThat(Instant.parse(got.json().get("timestamp").textValue()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(got.json().get("id").textValue()).isEqualTo(event);
    assertThat(got.json().get("sequence").longValue()).isEqualTo(1);
    assertThat(got.header("content-type")).isEqualTo("application/json");
    assertThat(got.header("user-agent")).startsWith("Gantry/");
    verify(got, Subscriptions.SECRET);
    Map<String, Object> delivery = subscriptions.newest(uuid, "delivered");
    assertThat(delivery).containsEntry("id", got.id()).containsEntry("event_id", event);
    assertThat(receiver.got()).hasSize(1);
  }

  @Test
  void aSecretOfAnyFormIsTheKeyItself() throws WebhookVerificationException {
    String body =
        "{\"url\": \"%s\", \"events\": [\"*\"], \"secret\": \"your-webhook-secret\"}"
            .formatted(receiver.url());
    new Webhooks(mine).created(body);

    telling.completed("exec-1");

    Got got = awaitGot(receiver, 1).get(0);
    new Webhook("your-webhook-secret".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .verify(got.body(), got.headers());
  }

  @Test
  void bothSecretsCountAfterARotation() throws WebhookVerificationException {
    String uuid = subscriptions.to(receiver.url(), "");

    Response rotated = subscriptions.post(uuid, "rotate-secret", null);
    telling.completed("exec-1");

    assertThat(rotated.statusCode()).as(rotated.asString()).isEqualTo(200);
    assertThat(Instant.parse(rotated.path("former_valid_until")))
        .isBetween(Instant.now().plusSeconds(86_000), Instant.now().plusSeconds(86_400));
    Got got = awaitGot(receiver, 1).get(0);
    assertThat(got.header("webhook-signature")).containsPattern("^v1,\\S+ v1,\\S+$");
    verify(got, Subscriptions.SECRET);
    verify(got, rotated.path("secret"));
    run(
        "update webhooks set former_until = now() - interval '1 second' where id = ?",
        UUID.fromString(uuid));
    telling.completed("exec-2");
    Got later = awaitGot(receiver, 2).get(1);
    verify(later, rotated.path("secret"));
    assertThatThrownBy(() -> verify(later, Subscriptions.SECRET))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void whatComesInMayBeSignedWithEitherSecretToo() throws Exception {
    String incoming = "{\"name\": \"in\", \"secret\": \"" + Subscriptions.SECRET + "\"}";
    Response made = new Webhooks(mine).created(incoming);
    String fresh = subscriptions.post(made.path("uuid"), "rotate-secret", null).path("secret");

    for (String secret : List.of(Subscriptions.SECRET, fresh)) {
      post(made, secret).then().statusCode(409); // it starts nothing, but the signature is good
    }
    post(made, "whsec_" + "A".repeat(32)).then().statusCode(401);
  }

  private static Response post(Response made, String secret) throws Exception {
    long now = Instant.now().getEpochSecond();
    return given()
        .header("webhook-id", "m")
        .header("webhook-timestamp", now)
        .header("webhook-signature", new Webhook(secret).sign("m", now, "{}"))
        .body("{}")
        .post(Webhooks.hook(made));
  }

  @Test
  void triesAgainWithTheSameIdUntilItIsTaken() {
    Receiver failing = new Receiver(message -> message <= 2 ? 500 : 204);
    receivers.add(failing);
    String uuid = subscriptions.to(failing.url(), "");

    telling.completed("exec-1");

    Map<String, Object> delivery = subscriptions.newest(uuid, "delivered");
    assertThat(awaitGot(failing, 3)).extracting(Got::id).containsOnly((String) delivery.get("id"));
    Response shown = subscriptions.delivery(uuid, delivery.get("id"));
    assertThat(shown.<List<Integer>>path("log.status")).containsExactly(500, 500, 204);
    shown
        .then()
        .body("log[0].error", equalTo("answered 500"))
        .body("log[0].body", equalTo("answer 500"))
        .body("log[0].address", equalTo(failing.place()))
        .body("log[2].error", equalTo(null))
        .body("request.body", equalTo(failing.got().get(0).body()))
        .body("request.headers.'webhook-id'", equalTo(delivery.get("id")))
        .body(not(containsString("v1,")))
        .body(not(containsString(Subscriptions.SECRET)));
  }

  @Test
  void waitsAsLongAsTheReceiverAsks() {
    Receiver busy = new Receiver(message -> message == 1 ? 429 : 200).with("Retry-After", "2");
    receivers.add(busy);
    subscriptions.to(busy.url(), "");

    telling.completed("exec-1");

    List<Got> got = awaitGot(busy, 2);
    assertThat(Duration.between(got.get(0).at(), got.get(1).at()))
        .isGreaterThan(Duration.ofMillis(1900));
  }

  @Test
  void failsWhenItWasTriedForLongEnough() {
    Receiver failing = receiver(404);
    String uuid = subscriptions.to(failing.url(), "");

    telling.completed("exec-1");

    assertThat(subscriptions.newest(uuid, "failed").get("reason").toString())
        .contains("not tried again, after")
        .contains("answered 404");
    int messages = failing.got().size();
    failing.answer(200);
    subscriptions
        .post(uuid, "redeliver", "{\"since\": \"" + Instant.now().minusSeconds(60) + "\"}")
        .then()
        .statusCode(202)
        .body("redelivered", equalTo(1));
    subscriptions.newest(uuid, "delivered");
    assertThat(failing.got()).hasSize(messages + 1).extracting(Got::id).hasSize(messages + 1);
  }

  @Test
  void goneDisablesTheSubscription() {
    Receiver gone = receiver(410);
    String uuid = subscriptions.to(gone.url(), "");

    telling.completed("exec-1");

    Map<String, Object> delivery = subscriptions.newest(uuid, "failed");
    await().until(() -> subscriptions.get(uuid).path("status").equals("disabled"));
    subscriptions.get(uuid).then().body("status_reason", containsString("410 Gone"));
    telling.completed("exec-2");
    String redeliver = "deliveries/" + delivery.get("id") + "/redeliver";
    subscriptions.post(uuid, redeliver, null).then().statusCode(409);

    gone.answer(200);
    subscriptions
        .post(uuid, "enable", null)
        .then()
        .statusCode(200)
        .body("status", equalTo("active"))
        .body("status_reason", equalTo(null));
    subscriptions.post(uuid, redeliver, null).then().statusCode(202);
    subscriptions.newest(uuid, "delivered");
    telling.completed("exec-3");
    await().until(() -> subscriptions.deliveries(uuid).size() == 2);
    awaitGot(gone, 3);
    assertThat(gone.got())
        .extracting(got -> got.json().get("subject").textValue())
        .containsExactly("exec-1", "exec-1", "exec-3");
  }

  @Test
  void followsNoRedirect() {
    Receiver moved = receiver(302).with("Location", "http://169.254.169.254/latest");
    String uuid = subscriptions.to(moved.url(), "");

    telling.completed("exec-1");

    awaitGot(moved, 1);
    await()
        .untilAsserted(
            () ->
                assertThat(subscriptions.deliveries(uuid).get(0).get("reason").toString())
                    .contains("redirects are not followed")
                    .contains("169.254.169.254"));
  }

  /** B2: whatever the address was when the subscription was made, it is judged when it is used. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.8/a",
        "http://169.254.169.254/latest",
        "http://[::ffff:192.168.0.1]/",
        "http://[fe80::1]/",
        "http://167772168/",
      })
  void refusesAddressesInsideWhenItSends(String address) {
    String uuid = subscriptions.to(receiver.url(), "");
    run("update webhooks set destination = ? where id = ?", address, UUID.fromString(uuid));

    telling.completed("exec-1");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(subscriptions.deliveries(uuid))
                    .extracting(delivery -> String.valueOf(delivery.get("reason")))
                    .first()
                    .asString()
                    .contains("private or reserved"));
    subscriptions
        .delivery(uuid, subscriptions.deliveries(uuid).get(0).get("id"))
        .then()
        .body("log[0].status", equalTo(null))
        .body("log[0].error", containsString("gantry.network.allow"));
    assertThat(receiver.got()).isEmpty();
  }

  @Test
  void aSubjectIsKeptInOrderWhenAsked() {
    Receiver slow = new Receiver(message -> message <= 2 ? 503 : 200);
    receivers.add(slow);
    String uuid = subscriptions.to(slow.url(), ", \"ordered\": true");
    subscriptions.get(uuid).then().body("ordered", equalTo(true));

    for (int i = 0; i < 5; i++) {
      telling.completed("exec-1");
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                subscriptions.deliveries(uuid).stream()
                        .filter(delivery -> delivery.get("status").equals("delivered"))
                        .count()
                    == 5);
    assertThat(slow.got())
        .extracting(got -> got.json().get("sequence").intValue())
        .containsExactly(1, 1, 1, 2, 3, 4, 5);
  }

  @Test
  void anotherSubjectDoesNotWait() {
    Receiver picky = receiver(200);
    String uuid = subscriptions.to(picky.url(), ", \"ordered\": true");
    picky.answer(404); // speaks of one message, not of the host

    telling.completed("exec-1");
    awaitGot(picky, 1);
    telling.completed("exec-1");
    telling.completed("exec-2");

    await()
        .until(
            () ->
                picky.got().stream()
                    .anyMatch(got -> got.json().get("subject").textValue().equals("exec-2")));
    assertThat(picky.got())
        .noneMatch(
            got ->
                got.json().get("subject").textValue().equals("exec-1")
                    && got.json().get("sequence").intValue() == 2);
    picky.answer(200);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                subscriptions.deliveries(uuid).stream()
                    .noneMatch(delivery -> delivery.get("status").equals("pending")));
  }

  /**
   * The other process is played by this test: it owns the destination, has claimed the delivery,
   * sent it and got its answer, and is never heard of again.
   */
  @Test
  void whatWasSentAndNotRecordedIsSentAgainWithTheSameId() {
    UUID dead = UUID.randomUUID();
    run(
        "insert into webhook_destinations (organization_id, name, owner, owned_until)"
            + " values (?, ?, ?, now() + interval '10 seconds')",
        mine.id(),
        receiver.place(),
        dead);
    String uuid = subscriptions.to(receiver.url(), "");
    telling.completed("exec-1");
    await().until(() -> subscriptions.deliveries(uuid).size() == 1);
    Duration lease = Duration.ofSeconds(2);
    Claimed claimed =
        store
            .claim(new Place(mine.id(), receiver.place()), dead, lease, 10)
            .await()
            .indefinitely()
            .get(0);
    assertThat(messenger.send(claimed).await().indefinitely().answer().status()).isEqualTo(200);
    assertThat(receiver.got()).hasSize(1);

    Map<String, Object> delivery = subscriptions.newest(uuid, "delivered");

    assertThat(receiver.got())
        .hasSize(2)
        .extracting(Got::id)
        .containsOnly((String) delivery.get("id"));
    assertThat(delivery).containsEntry("attempts", 2);
    subscriptions.delivery(uuid, delivery.get("id")).then().body("log.number", equalTo(List.of(2)));
  }

  @Test
  void aHostThatFailsAgainAndAgainIsLeftInPeaceUntilAProbePasses() {
    Receiver down = receiver(500);
    String uuid = subscriptions.to(down.url(), "");
    telling.completed("exec-0");
    awaitGot(down, 5);

    int before = down.got().size();
    for (int i = 1; i <= 30; i++) {
      telling.completed("exec-" + i);
    }
    await().until(() -> subscriptions.deliveries(uuid).size() == 31);
    awaitGot(down, before + 1);
    assertThat(down.got().size() - before).as("probes").isLessThan(5);
    down.answer(200);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                subscriptions.deliveries(uuid).stream()
                    .noneMatch(delivery -> delivery.get("status").equals("pending")));
    assertThat(down.got().stream().map(Got::id).distinct()).hasSize(31);
  }

  @Test
  void theFilterDecides() {
    String uuid =
        subscriptions.to(receiver.url(), ", \"filter\": \"data.workflow.name == 'deploy'\"");

    telling.tell("workflow.failed", "exec-1", "{\"workflow\": {\"name\": \"other\"}}");
    telling.completed("exec-2");

    subscriptions.newest(uuid, "delivered");
    assertThat(receiver.got()).hasSize(1);
    assertThat(receiver.got().get(0).json().get("subject").textValue()).isEqualTo("exec-2");
  }

  @Test
  void aFilterThatCannotBeAppliedIsToldInTheLog() {
    String uuid = subscriptions.to(receiver.url(), ", \"filter\": \"abs(subject) == `1`\"");

    telling.completed("exec-1");

    assertThat(subscriptions.newest(uuid, "failed").get("reason").toString())
        .startsWith("the filter cannot be applied to the event");
    assertThat(receiver.got()).isEmpty();
  }

  @Test
  void whatWaitsFollowsTheSubscriptionToAnotherAddress() {
    Receiver down = receiver(500);
    String uuid = subscriptions.to(down.url(), "");
    telling.completed("exec-1");
    awaitGot(down, 1);

    mine.json()
        .body("{\"url\": \"" + receiver.url() + "\"}")
        .put(Subscriptions.path(uuid))
        .then()
        .statusCode(200);

    Map<String, Object> delivery = subscriptions.newest(uuid, "delivered");
    assertThat(receiver.got()).extracting(Got::id).containsExactly((String) delivery.get("id"));
  }

  @Test
  void testsAtOnceAndShowsTheAnswer() throws WebhookVerificationException {
    String uuid = subscriptions.to(receiver.url(), "");

    Response shown = subscriptions.post(uuid, "test", null);

    shown
        .then()
        .statusCode(200)
        .body("event", equalTo("webhook.test"))
        .body("status", equalTo("delivered"))
        .body("log[0].status", equalTo(200))
        .body("log[0].body", equalTo("answer 200"));
    verify(receiver.got().get(0), Subscriptions.SECRET);
    receiver.answer(500);
    subscriptions
        .post(uuid, "test", null)
        .then()
        .body("status", equalTo("failed"))
        .body("reason", containsString("answered 500"));
    String incoming = new Webhooks(mine).created("{\"name\": \"in\"}").path("uuid");
    subscriptions.post(incoming, "test", null).then().statusCode(409);
  }

  @Test
  void listsDeliveriesOfOneStatusAndEvent() {
    String uuid = subscriptions.to(receiver.url(), "");
    telling.completed("exec-1");
    telling.tell("workflow.started", "exec-2", "{\"workflow\": {\"name\": \"w\"}}");
    await().until(() -> receiver.got().size() == 2);
    await().until(() -> subscriptions.deliveries(uuid).size() == 2);
    String path = Subscriptions.path(uuid) + "/deliveries";

    mine.json()
        .get(path + "?event=workflow.started&limit=1")
        .then()
        .body("total", equalTo(1))
        .body("deliveries[0].subject", equalTo("exec-2"));
    mine.json().get(path + "?status=failed").then().body("total", equalTo(0));
    mine.json().get(path + "?status=lost").then().statusCode(400);
    for (String id : List.of("x", "msg_1_" + uuid, "msg_1_" + UUID.randomUUID())) {
      subscriptions.delivery(uuid, id).then().statusCode(404);
    }
  }

  @ParameterizedTest
  @CsvSource({"slack, text", "teams, attachments"})
  void peopleGetAMessage(String type, String field) {
    subscriptions.to(receiver.url(), ", \"type\": \"" + type + "\"");

    telling.completed("exec-1");

    Got got = awaitGot(receiver, 1).get(0);
    assertThat(got.json().has(field)).isTrue();
    assertThat(got.body()).contains("Workflow deploy completed");
  }

  @Test
  void aChannelIsNoPlaceToSendTo() {
    String body = "{\"type\": \"slack\", \"url\": \"#alerts\", \"events\": [\"*\"]}";
    String uuid = new Webhooks(mine).created(body).path("uuid");
    String other = subscriptions.to(receiver.url(), "");

    telling.completed("exec-1");

    subscriptions.newest(other, "delivered");
    assertThat(subscriptions.deliveries(uuid)).isEmpty();
  }

  /** The replay, as it ends. */
  private Response replay(String uuid, String more) {
    String body =
        "{\"webhook_uuid\": \"%s\", \"since\": \"%s\"%s}"
            .formatted(uuid, Instant.now().minusSeconds(60), more);
    Response started = mine.json().body(body).post("/api/v1/events/replay");
    assertThat(started.statusCode()).as(started.asString()).isEqualTo(202);
    String path = "/api/v1/events/replay/" + started.path("replay_id");
    return await().until(() -> mine.json().get(path), now -> !"running".equals(now.path("status")));
  }

  @Test
  void aReplayTellsWhatWasBeforeTheSubscriptionAndWhatWasDelivered() {
    Receiver other = receiver(200);
    subscriptions.to(other.url(), "");
    telling.completed("exec-early");
    telling.tell("agent.created", "a", "{\"agent\": {}}");
    awaitGot(other, 1);
    String uuid = subscriptions.to(receiver.url(), "");
    telling.completed("exec-late");
    awaitGot(receiver, 1);
    subscriptions.newest(uuid, "delivered");

    Response replay = replay(uuid, "");

    assertThat(replay.<String>path("status")).isEqualTo("completed");
    assertThat(replay.<Integer>path("events")).isEqualTo(2);
    List<Got> got = awaitGot(receiver, 3);
    assertThat(got)
        .extracting(each -> each.json().get("subject").textValue())
        .containsExactlyInAnyOrder("exec-late", "exec-early", "exec-late");
    assertThat(got.stream().filter(each -> each.body().contains("exec-late")))
        .extracting(each -> each.header("webhook-id"))
        .hasSize(2)
        .containsOnly(got.get(0).header("webhook-id"));
  }

  @Test
  void aReplayGoesThroughTheFilterAndItsOwnTypes() {
    String uuid = subscriptions.to(receiver.url(), ", \"filter\": \"data.workflow.ok\"");
    telling.tell("workflow.failed", "one", "{\"workflow\": {\"ok\": true}}");
    telling.tell("workflow.completed", "two", "{\"workflow\": {\"ok\": true}}");
    telling.tell("workflow.completed", "three", "{\"workflow\": {\"ok\": false}}");
    awaitGot(receiver, 2);

    Response replay = replay(uuid, ", \"types\": [\"workflow.completed\"]");

    assertThat(replay.<Integer>path("events")).isEqualTo(1);
    assertThat(awaitGot(receiver, 3).get(2).json().get("subject").textValue()).isEqualTo("two");
  }

  @Test
  void aReplayNeedsAWebhookThatIsToldOfEvents() {
    TestOrganization foreign = TestOrganization.create("ADMIN");
    String theirs = new Subscriptions(foreign).to(receiver.url(), "");
    new Webhooks(mine).addSource();
    String hook =
        new Webhooks(mine)
            .created("{\"name\": \"in\", \"prompt\": \"x\", \"workflow\": \"handle\"}")
            .path("uuid");
    String off = subscriptions.to(receiver.url(), "");
    run("update webhooks set status = 'disabled' where id = ?", UUID.fromString(off));
    String body = "{\"webhook_uuid\": \"%s\", \"since\": \"2026-01-01T00:00:00Z\"}";
    String path = "/api/v1/events/replay";

    for (String wrong : List.of(theirs, hook, "no-uuid")) {
      mine.json()
          .body(body.formatted(wrong))
          .post(path)
          .then()
          .statusCode(400)
          .body("error.details.field", equalTo("webhook_uuid"));
    }
    mine.json().body(body.formatted(off)).post(path).then().statusCode(409);
    mine.json()
        .body("{\"since\": \"2026-01-01T00:00:00Z\"}")
        .post(path)
        .then()
        .statusCode(400)
        .body(containsString("webhook_uuid"));
  }

  @Test
  void nothingMoreIsSentToOneThatIsDeleted() {
    Receiver down = receiver(500);
    String uuid = subscriptions.to(down.url(), "");
    telling.completed("exec-1");
    awaitGot(down, 1);

    mine.json().delete(Subscriptions.path(uuid)).then().statusCode(200);
    int messages = down.got().size();
    String other = subscriptions.to(down.url(), "");
    down.answer(200);
    telling.completed("exec-2");

    subscriptions.newest(other, "delivered");
    assertThat(down.got().stream().skip(messages).map(got -> got.json().get("subject").textValue()))
        .doesNotContain("exec-1");
  }

  /** C: the limit has a setting, and a fault that names it. */
  @Test
  void anOrganizationHasSoManyAndNoMore() {
    for (int i = 0; i < 4; i++) {
      subscriptions.to(receiver.url(), ", \"name\": \"s" + i + "\"");
    }

    new Webhooks(mine)
        .create("{\"url\": \"" + receiver.url() + "\", \"events\": [\"*\"]}")
        .then()
        .statusCode(400)
        .body("error.details.error", containsString("gantry.webhooks.max-per-organization"));
    assertThat(mine.json().get(Webhooks.WEBHOOKS).<Integer>path("total")).isEqualTo(4);
  }

  /** Addresses of chats are as good as keys. */
  @Test
  void noMetricShowsAnAddress() {
    String uuid = subscriptions.to(receiver.url() + "/a-path-that-is-a-key", "");
    telling.completed("exec-1");
    subscriptions.newest(uuid, "delivered");

    String metrics = given().get("/q/metrics").asString();

    assertThat(metrics)
        .contains("gantry_webhooks_deliveries_total{outcome=\"delivered\"")
        .contains("gantry_webhooks_delivery_seconds")
        .contains("gantry_webhooks_circuits_open")
        .doesNotContain("a-path-that-is-a-key");
  }
}
