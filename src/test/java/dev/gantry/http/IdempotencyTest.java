package dev.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;

import dev.gantry.agents.Agent;
import dev.gantry.http.idempotency.Answer;
import dev.gantry.http.idempotency.AnswerStore;
import dev.gantry.http.idempotency.Reservation;
import dev.gantry.resources.ResourceAnswers;
import dev.gantry.resources.ResourceStore;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that is sent again with its key is done once. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class IdempotencyTest {
  private static final String API = "/api/v1";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String VALUE = "hunter2-in-the-body";

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @Inject ResourceStore store;
  @Inject AnswerStore answers;

  private final String key = "\"" + UUID.randomUUID() + "\"";

  /** A route that creates, a body for it, and the same with something else in it. */
  record Post(String path, String body, String other, String table) {
    @Override
    public String toString() {
      return path;
    }
  }

  static Stream<Post> posts() {
    return Stream.of(
        new Post("/agents", "{\"name\": \"a\"}", "{\"name\": \"b\"}", "agents"),
        new Post(
            "/secrets",
            "{\"name\": \"A\", \"value\": \"" + VALUE + "\"}",
            "{\"name\": \"A\", \"value\": \"other\"}",
            "secrets"),
        new Post(
            "/integrations",
            "{\"name\": \"a\", \"type\": \"github\"}",
            "{\"name\": \"a\", \"type\": \"aws\"}",
            "integrations"),
        new Post(
            "/tools/execute",
            "{\"name\": \"a\", \"content\": \"true\"}",
            "{\"name\": \"a\", \"content\": \"false\"}",
            "executions"));
  }

  private RequestSpecification keyed(String idempotencyKey) {
    return mine.json().header("Idempotency-Key", idempotencyKey);
  }

  private Response post(Post post, String body) {
    return keyed(key).body(body).post(API + post.path());
  }

  private long count(String sql, Object... values) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        select.setObject(i + 1, values[i]);
      }
      ResultSet row = select.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private long made(Post post) throws SQLException {
    return count("select count(*) from " + post.table() + " where organization_id = ?", mine.id());
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setObject(1, mine.id());
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("posts")
  void answersTheSameRequestWithTheSameAnswer(Post post) throws SQLException {
    Response first = post(post, post.body());
    Response second = post(post, post.body());

    assertThat(first.statusCode()).isIn(201, 202);
    assertThat(second.header("Location")).isNotNull().isEqualTo(first.header("Location"));
    assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(second.contentType()).startsWith("application/json");
    if (post.table().equals("executions")) {
      assertThat(second.statusCode()).isIn(202, 200); // as it is now: it may have ended
      assertThat((String) second.path("execution_id")).isEqualTo(first.path("execution_id"));
    } else {
      assertThat(second.statusCode()).isEqualTo(201);
      assertThat(second.asString()).isEqualTo(first.asString());
    }
    assertThat(made(post)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("posts")
  void refusesAnotherRequestWithTheSameKey(Post post) throws SQLException {
    post(post, post.body());

    post(post, post.other())
        .then()
        .statusCode(422)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.field", equalTo("Idempotency-Key"))
        .body("error.details.key", equalTo(key));
    keyed(key)
        .body("{\"name\": \"elsewhere\", \"content\": \"true\"}")
        .post(API + (post.path().startsWith("/tools") ? "/agents" : "/tools/execute"))
        .then()
        .statusCode(422);
    assertThat(made(post)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("posts")
  void doesTwoAtOnceOnce(Post post) throws SQLException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + API + post.path()))
            .header("Authorization", "Bearer " + mine.key())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(post.body()))
            .build();

    List<CompletableFuture<HttpResponse<String>>> sent =
        Stream.generate(() -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .limit(8)
            .toList();

    // 200: the execution that the first one made has ended meanwhile.
    assertThat(sent.stream().map(answer -> answer.join().statusCode()))
        .containsAnyOf(201, 202)
        .isSubsetOf(200, 201, 202, 409);
    assertThat(sent.stream().map(CompletableFuture::join).filter(a -> a.statusCode() == 409))
        .allSatisfy(
            answer -> {
              assertThat(answer.headers().firstValue("Retry-After")).isPresent();
              assertThat(answer.body()).contains("is under way");
            });
    assertThat(made(post)).isEqualTo(1);
  }

  @Test
  void saysThatARequestIsUnderWayAndTakesOverWhenItsTimeIsUp() throws SQLException {
    String agent = "{\"name\": \"a\"}";
    keyed(key).body(agent).post(API + "/agents").then().statusCode(201);
    keyed(key).body("{}").post(API + "/agents").then().statusCode(422);
    change(
        "update idempotency_keys set status = null, held_until = now() + interval '20 s'"
            + " where organization_id = ?");

    Response early = keyed(key).body(agent).post(API + "/agents");

    early.then().statusCode(409).body("error.code", equalTo("CONFLICT"));
    assertThat(Integer.parseInt(early.header("Retry-After"))).isBetween(1, 20);
    change("update idempotency_keys set held_until = now() where organization_id = ?");
    keyed(key)
        .body(agent)
        .post(API + "/agents")
        .then()
        .statusCode(409)
        .body("error.details.field", equalTo("name"));
  }

  private void create(Reservation reservation) throws Throwable {
    Agent agent = new Agent();
    agent.name = "made in the store";
    Actor actor = new Actor(mine.id(), null, "test", "", reservation, null);
    VertxContextSupport.subscribeAndAwait(
        () ->
            store.create(
                agent,
                actor,
                made -> store.answer(actor, ResourceAnswers.created("/agents", made, "{}"))));
  }

  @Test
  void storesTheAnswerInTheTransactionOfTheWork() throws Throwable {
    Reservation held = new Reservation(mine.id(), key, UUID.randomUUID(), false);
    byte[] fingerprint = {1};
    assertThat(answers.reserve(held, fingerprint).await().atMost(PATIENCE)).isEmpty();

    create(held);

    assertThat(answers.reserve(held, fingerprint).await().atMost(PATIENCE).orElseThrow().answer())
        .extracting(Answer::status, Answer::body)
        .containsExactly(201, "{}");
  }

  @Test
  void undoesTheWorkOfWhoWasTooLate() throws SQLException {
    Reservation lost = new Reservation(mine.id(), key, UUID.randomUUID(), false);

    assertThatThrownBy(() -> create(lost))
        .isInstanceOfSatisfying(
            ApiException.class, failure -> assertThat(failure.status()).isEqualTo(409));

    assertThat(count("select count(*) from agents where organization_id = ?", mine.id())).isZero();
    assertThat(count("select count(*) from audit where organization_id = ?", mine.id())).isZero();
  }

  @Test
  void keepsRefusals() throws SQLException {
    Response refused = keyed(key).body("{\"name\": \"\"}").post(API + "/agents");
    refused.then().statusCode(400);

    assertThat(keyed(key).body("{\"name\": \"\"}").post(API + "/agents").asString())
        .isEqualTo(refused.asString());
    assertThat(
            count(
                "select count(*) from idempotency_keys where organization_id = ? and status = 400",
                mine.id()))
        .isEqualTo(1);
  }

  /** Nothing is known of whether the work was done: the same request may find out at once. */
  @Test
  void givesAKeyUpWhenTheServerFailed() throws SQLException {
    String body = "{\"name\": \"a\"}";
    execute(
        "create trigger fails before insert on agents for each row when (new.organization_id = '%s')"
                .formatted(mine.id())
            // It is for updates, and fails for an insert.
            + " execute function suppress_redundant_updates_trigger()");
    try {
      keyed(key).body(body).post(API + "/agents").then().statusCode(500);
    } finally {
      execute("drop trigger fails on agents");
    }
    assertThat(count("select count(*) from idempotency_keys where key = ?", key)).isZero();

    keyed(key).body(body).post(API + "/agents").then().statusCode(201);
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void coversCallsThatCreateNothing() {
    String id =
        mine.json()
            .body("{\"name\": \"long\", \"content\": \"sleep 60\"}")
            .post(API + "/tools/execute")
            .path("execution_id");
    String cancel = API + "/tools/executions/" + id + "/cancel?wait=20s";

    Response first = keyed(key).post(cancel);
    Response again = keyed(key).post(cancel);

    first.then().statusCode(202).body("status", equalTo("cancelled"));
    again.then().statusCode(202);
    assertThat(again.asString()).isEqualTo(first.asString());
    mine.json().post(cancel).then().statusCode(409);
  }

  @Test
  void keepsOrganizationsApart() {
    TestOrganization other = TestOrganization.create("ADMIN");
    String first =
        keyed(key).body("{\"name\": \"a\"}").post(API + "/agents").then().extract().path("uuid");

    String second =
        other
            .json()
            .header("Idempotency-Key", key)
            .body("{\"name\": \"a\"}")
            .post(API + "/agents")
            .then()
            .statusCode(201)
            .extract()
            .path("uuid");

    assertThat(second).isNotEqualTo(first);
    for (TestOrganization each : List.of(mine, other)) {
      each.json()
          .header("Idempotency-Key", key)
          .body("{\"name\": \"a\"}")
          .post(API + "/agents")
          .then()
          .statusCode(201)
          .body("uuid", equalTo(each.equals(mine) ? first : second));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"has a blank", "umlaut-\u00fc", "long"})
  void refusesAKeyOfAnotherForm(String form) {
    keyed(form.equals("long") ? "x".repeat(256) : form)
        .body("{\"name\": \"a\"}")
        .post(API + "/agents")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("Idempotency-Key"))
        .body("error.details.error", containsString("1 to 255 printable"));
  }

  @Test
  void refusesABodyThatIsTooLarge() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + API + "/agents"))
            .header("Authorization", "Bearer " + mine.key())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[3 << 20])))
            .build();

    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(count("select count(*) from idempotency_keys where key = ?", key)).isZero();
  }

  @Test
  void storesNothingOfASecretsBody() throws SQLException {
    Post post = posts().filter(p -> p.path().equals("/secrets")).findFirst().orElseThrow();
    post(post, post.body()).then().statusCode(oneOf(201));

    assertThat(
            count(
                "select count(*) from idempotency_keys k where key = ? and k::text like ?",
                key,
                "%" + VALUE + "%"))
        .isZero();
  }
}
