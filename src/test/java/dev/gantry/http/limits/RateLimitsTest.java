package dev.gantry.http.limits;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One caller may ask for so much, whichever process it asks. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(RateLimitsTest.Limited.class)
class RateLimitsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int PER_KEY = 60;
  private static final int PER_ADDRESS = 5;
  private static final int PER_WEBHOOK = 8;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @Inject Pool pool;

  /** Small limits, and a proxy in front, so that each test comes from an address of its own. */
  public static class Limited implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gantry.limits.enabled",
          "true",
          "gantry.limits.requests-per-key",
          "" + PER_KEY,
          "gantry.limits.requests-per-address",
          "" + PER_ADDRESS,
          "gantry.limits.requests-per-webhook",
          "" + PER_WEBHOOK,
          "quarkus.http.proxy.proxy-address-forwarding",
          "true",
          "quarkus.http.proxy.allow-x-forwarded",
          "true");
    }
  }

  private static Subject subject(int requests, Duration window) {
    return new Subject("key:" + UUID.randomUUID(), "default", "API key", requests, window);
  }

  private static boolean admitted(RateLimits process, Subject subject) {
    return process.take(subject).await().atMost(Duration.ofSeconds(30)).admitted();
  }

  /** A client of one address, from which nobody else comes. */
  private static Response from(String address, String path) {
    return given().header("X-Forwarded-For", address).get(path);
  }

  private static int taken(Subject subject) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement select =
            connection.prepareStatement("select taken from rate_limits where subject = ?")) {
      select.setString(1, subject.id());
      ResultSet row = select.executeQuery();
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  @Test
  void tellsWhereAKeyStands() {
    Response first = mine.json().get("/api/v1/agents");
    Response second = mine.json().get("/api/v1/no/such/path");

    first
        .then()
        .statusCode(200)
        .header("X-RateLimit-Limit", "" + PER_KEY)
        .header("X-RateLimit-Remaining", "" + (PER_KEY - 1))
        .header("RateLimit-Policy", "\"default\";q=" + PER_KEY + ";w=3600")
        .header("RateLimit", "\"default\";r=" + (PER_KEY - 1) + ";t=3600");
    assertThat(Instant.ofEpochSecond(Long.parseLong(first.header("X-RateLimit-Reset"))))
        .isBetween(Instant.now().plusSeconds(3540), Instant.now().plusSeconds(3601));
    second.then().statusCode(404).header("X-RateLimit-Remaining", "" + (PER_KEY - 2));
  }

  @Test
  void refusesWhatIsOverTheLimitOfAKey() {
    List<Integer> statuses =
        IntStream.range(0, PER_KEY + 5)
            .mapToObj(i -> mine.json().get("/api/v1/agents").statusCode())
            .toList();

    assertThat(statuses.subList(0, PER_KEY)).containsOnly(200);
    assertThat(statuses.subList(PER_KEY, PER_KEY + 5)).containsOnly(429);
    Response refused = mine.json().body("{\"name\": \"x\"}").post("/api/v1/agents");
    refused
        .then()
        .statusCode(429)
        .contentType("application/json")
        .header("X-RateLimit-Limit", "" + PER_KEY)
        .header("X-RateLimit-Remaining", "0")
        .header("X-Request-Id", (String) refused.path("request_id"))
        .body("error.code", equalTo("RATE_LIMIT_EXCEEDED"))
        .body("error.message", containsString("One API key may make 60 requests in 1h"))
        .body("error.details.per", equalTo("API key"))
        .body("error.details.limit", equalTo(PER_KEY))
        .body("error.details.window", equalTo("1h"))
        .body("error.details.retry_after_seconds", lessThanOrEqualTo(3600));
    assertThat(refused.header("Retry-After"))
        .isEqualTo(refused.path("error.details.retry_after_seconds").toString());
    TestOrganization.create("ADMIN").json().get("/api/v1/agents").then().statusCode(200);
  }

  @Test
  void countsWhoHasNoValidKeyOnTheAddress() {
    String address = "192.0.2.17";

    List<Response> answers =
        IntStream.range(0, PER_ADDRESS + 1)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? from(address, "/api/v1/agents")
                        : given()
                            .header("X-Forwarded-For", address)
                            .header("Authorization", "Bearer wrong")
                            .get("/api/v1/agents"))
            .toList();

    answers
        .get(0)
        .then()
        .statusCode(401)
        .header("X-RateLimit-Limit", "" + PER_ADDRESS)
        .header("X-RateLimit-Remaining", "" + (PER_ADDRESS - 1));
    assertThat(answers.subList(0, PER_ADDRESS)).allMatch(answer -> answer.statusCode() == 401);
    answers.get(PER_ADDRESS).then().statusCode(429).body("error.details.per", equalTo("address"));
    from("192.0.2.18", "/api/v1/agents").then().statusCode(401);
    mine.json().header("X-Forwarded-For", address).get("/api/v1/agents").then().statusCode(200);
  }

  /** Its senders come from few addresses, which they share with those of other webhooks. */
  @Test
  void countsWhatAWebhookGetsOnTheWebhook() {
    String url = mine.json().body("{\"name\": \"h\"}").post("/api/v1/webhooks").path("webhook_url");
    String path = URI.create(url).getPath();

    List<Response> answers =
        IntStream.range(0, PER_WEBHOOK + 1)
            .mapToObj(i -> given().header("X-Forwarded-For", "192.0.2.99").body("{}").post(path))
            .toList();

    assertThat(answers.subList(0, PER_WEBHOOK)).allMatch(answer -> answer.statusCode() == 409);
    answers
        .get(PER_WEBHOOK)
        .then()
        .statusCode(429)
        .header("X-RateLimit-Limit", "" + PER_WEBHOOK)
        .body("error.details.per", equalTo("webhook"));
    assertThat(given().header("X-Forwarded-For", "192.0.2.99").post(path + "x").statusCode())
        .isEqualTo(404);
  }

  @Test
  void countsAnIpv6NetworkAsOneAddress() {
    IntStream.range(0, PER_ADDRESS)
        .forEach(i -> from("2001:db8:1:2::" + i, "/api/v1/agents").then().statusCode(401));

    from("2001:db8:1:2:ffff::1", "/api/v1/agents").then().statusCode(429);
    from("2001:db8:1:3::1", "/api/v1/agents").then().statusCode(401);
  }

  @Test
  void doesNotCountHealthMetricsAndOpenApi() {
    Stream.of("/q/health/ready", "/q/metrics", "/api/v1/openapi")
        .forEach(
            path ->
                IntStream.range(0, PER_ADDRESS + 1)
                    .forEach(
                        i ->
                            assertThat(from("192.0.2.33", path).header("X-RateLimit-Limit"))
                                .as(path)
                                .isNull()));
    from("192.0.2.33", "/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
  }

  @Test
  void countsBodiesThatAreTooLargeAndStreams() throws Exception {
    mine.json()
        .body("x".repeat(3 << 20))
        .post("/api/v1/agents")
        .then()
        .statusCode(413)
        .header("X-RateLimit-Remaining", "" + (PER_KEY - 1));
    HttpResponse<?> stream =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://localhost:"
                                + RestAssured.port
                                + "/api/v1/tools/executions/"
                                + "tool-exec-01890000-0000-7000-8000-000000000000/logs"))
                    .header("Authorization", "Bearer " + mine.key())
                    .header("Accept", "text/event-stream")
                    .build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(stream.headers().firstValue("X-RateLimit-Remaining")).contains("" + (PER_KEY - 2));
  }

  @Test
  void twoProcessesTogetherAdmitTheLimit() throws Exception {
    Subject subject = subject(1000, HOUR);
    List<RateLimits> processes = List.of(new RateLimits(pool), new RateLimits(pool));

    // One is asked three times as often as the other.
    long admitted =
        IntStream.range(0, 4000)
            .parallel()
            .filter(i -> admitted(processes.get(i % 4 == 0 ? 1 : 0), subject))
            .count();

    assertThat(admitted).isBetween(950L, 1000L);
  }

  @Test
  void manyProcessesThatSeeOneRequestLeaveTheRestToOne() {
    Subject subject = subject(1000, HOUR);
    List<RateLimits> idle = Stream.generate(() -> new RateLimits(pool)).limit(10).toList();
    RateLimits busy = new RateLimits(pool);

    long elsewhere = idle.stream().filter(process -> admitted(process, subject)).count();
    long here = IntStream.range(0, 1200).filter(i -> admitted(busy, subject)).count();

    assertThat(elsewhere).isEqualTo(10);
    assertThat(elsewhere + here).isBetween(950L, 1000L);
  }

  @Test
  void asksTheDatabaseForFewOfTheRequests() {
    Subject subject = subject(1000, HOUR);
    int asked = 0;
    Budget budget = new Budget(subject);
    Leases leases = new Leases(pool);

    for (int i = 0; i < 1100; i++) {
      while (budget.take(System.nanoTime()) == null) {
        asked++;
        Lease lease = leases.take(subject, budget.wanted()).await().atMost(HOUR);
        budget.leased(lease, System.nanoTime());
      }
    }

    assertThat(asked).isLessThan(130);
  }

  @Test
  void aProcessThatDiesTakesLessThanATwentieth() throws SQLException {
    Subject subject = subject(1000, HOUR);
    RateLimits dies = new RateLimits(pool);
    IntStream.range(0, 400).forEach(i -> admitted(dies, subject));

    assertThat(taken(subject)).isBetween(400, 449);
  }

  @Test
  void givesBackWhatIsNotUsed() throws SQLException {
    Subject subject = subject(1000, HOUR);
    RateLimits process = new RateLimits(pool);
    IntStream.range(0, 7).forEach(i -> admitted(process, subject));
    assertThat(taken(subject)).isEqualTo(15);

    process.giveBack(Duration.ofSeconds(-1)).await().atMost(Duration.ofSeconds(10));

    assertThat(taken(subject)).isEqualTo(7);
  }

  @Test
  void beginsAnewWithTheNextWindow() {
    Subject subject = subject(3, Duration.ofSeconds(2));
    RateLimits process = new RateLimits(pool);
    assertThat(IntStream.range(0, 4).mapToObj(i -> admitted(process, subject)))
        .containsExactly(true, true, true, false);

    await().atMost(Duration.ofSeconds(10)).until(() -> admitted(process, subject));

    assertThat(IntStream.range(0, 3).mapToObj(i -> admitted(process, subject)))
        .containsExactly(true, true, false);
  }

  @Test
  void forgetsWindowsThatAreOver() {
    Subject subject = subject(3, Duration.ofMillis(1));
    RateLimits process = new RateLimits(pool);
    admitted(process, subject);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> process.forget().await().atMost(HOUR) >= 0 && isForgotten(subject));
  }

  private static boolean isForgotten(Subject subject) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement select =
            connection.prepareStatement("select from rate_limits where subject = ?")) {
      select.setString(1, subject.id());
      return !select.executeQuery().next();
    }
  }

  @Test
  void admitsWhileTheDatabaseIsAway() throws IOException {
    Vertx vertx = Vertx.vertx();
    Pool nowhere =
        PgBuilder.pool()
            .with(new PoolOptions())
            .connectingTo(
                new PgConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(Servers.freePort())
                    .setUser("x")
                    .setDatabase("x"))
            .using(vertx)
            .build();
    try {
      RateLimits process = new RateLimits(nowhere);
      Subject subject = subject(3, HOUR);

      assertThat(IntStream.range(0, 10).mapToObj(i -> admitted(process, subject)))
          .containsOnly(true);
    } finally {
      vertx.close().await().atMost(Duration.ofSeconds(10));
    }
  }
}
