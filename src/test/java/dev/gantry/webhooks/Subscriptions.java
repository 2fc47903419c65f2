package dev.gantry.webhooks;

import static org.awaitility.Awaitility.await;

import dev.gantry.testing.TestOrganization;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the tests of deliveries do with subscriptions. */
final class Subscriptions {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private final TestOrganization mine;

  Subscriptions(TestOrganization mine) {
    this.mine = mine;
  }

  /**
   * Answers with the uuid.
   *
   * @param more fields, each with a comma before it
   */
  String to(String url, String more) {
    String body =
        "{\"url\": \"%s\", \"events\": [\"workflow.*\"], \"secret\": \"%s\"%s}"
            .formatted(url, SECRET, more);
    return new Webhooks(mine).created(body).path("uuid");
  }

  static String path(String uuid) {
    return Webhooks.WEBHOOKS + "/" + uuid;
  }

  Response get(String uuid) {
    return mine.json().get(path(uuid));
  }

  Response post(String uuid, String what, String body) {
    var request = mine.json();
    return (body == null ? request : request.body(body)).post(path(uuid) + "/" + what);
  }

  List<Map<String, Object>> deliveries(String uuid) {
    return mine.json().get(path(uuid) + "/deliveries").path("deliveries");
  }

  Response delivery(String uuid, Object id) {
    return mine.json().get(path(uuid) + "/deliveries/" + id);
  }

  /** The newest delivery, once it is so far. */
  Map<String, Object> newest(String uuid, String status) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              List<Map<String, Object>> all = deliveries(uuid);
              return all.isEmpty() ? Map.<String, Object>of() : all.get(0);
            },
            newest -> status.equals(newest.get("status")));
  }
}
