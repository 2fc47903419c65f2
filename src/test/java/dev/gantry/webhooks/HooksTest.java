package dev.gantry.webhooks;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B7: what strangers post to a webhook's address. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class HooksTest {
  private static final String PAYLOAD = "{\"alert\": {\"name\": \"disk\"}}";
  private static final int LIMIT = 96 << 10;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Webhooks webhooks = new Webhooks(mine);
  private String open;
  private String signed;
  private String secret;

  @BeforeEach
  void makeWebhooks() {
    webhooks.addSource();
    open =
        Webhooks.hook(
            webhooks.created(
                "{\"name\": \"open\", \"workflow\": \"handle\","
                    + " \"prompt\": \"{{.event.alert.name}}\"}"));
    Response made =
        webhooks.created("{\"name\": \"signed\", \"workflow\": \"handle\", \"signed\": true}");
    signed = Webhooks.hook(made);
    secret = made.path("secret");
  }

  private Response deliver(String id, Instant time, String body, String signature) {
    return given()
        .header("webhook-id", id)
        .header("webhook-timestamp", String.valueOf(time.getEpochSecond()))
        .header("webhook-signature", signature)
        .contentType("application/json")
        .body(body)
        .post(signed);
  }

  private Response deliver(String id, Instant time, String body) {
    try {
      return deliver(id, time, body, new Webhook(secret).sign(id, time.getEpochSecond(), body));
    } catch (WebhookSigningException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(Response answer, String message) {
    answer
        .then()
        .statusCode(401)
        .body("error.code", equalTo("AUTHENTICATION_ERROR"))
        .body("error.message", containsString(message));
  }

  @Test
  void whoKnowsTheAddressNeedsNoKey() {
    Response answer = given().contentType("application/json").body(PAYLOAD).post(open);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    assertThat(answer.<String>path("execution_id")).startsWith("webhook-exec-");
    assertThat(webhooks.printed(answer.header("Location"))).isEqualTo("none|disk|" + PAYLOAD);
    mine.json()
        .get("/api/v1/audit?action=workflow.execute")
        .then()
        .body("entries[0].actor.name", equalTo("webhook open"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void anAddressThatIsNobodysIsNotFound(String token) {
    given()
        .body(PAYLOAD)
        .post("/api/v1/hooks/" + token)
        .then()
        .statusCode(404)
        .body("error.code", equalTo("NOT_FOUND"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "a%2Fb", "..%2Fagents", "%2e%2e/agents", "a/../../agents"})
  void noOtherPathIsOpen(String path) {
    given()
        .urlEncodingEnabled(false)
        .body("{\"name\": \"a\"}")
        .contentType("application/json")
        .post("/api/v1/hooks/" + path)
        .then()
        .statusCode(401);
  }

  @Test
  void nothingButPostingIsOpen() {
    given().get(open).then().statusCode(401);
    given().delete(open).then().statusCode(401);
    given().body("{}").post(open + "/more").then().statusCode(401);
    given().body("{}").post("/api/v1/hooks").then().statusCode(401);
  }

  @Test
  void aNewAddressEndsTheOldOne() {
    String uuid = mine.json().get(Webhooks.WEBHOOKS + "?filter=open").path("webhooks[0].uuid");

    Response renewed = mine.json().post(Webhooks.WEBHOOKS + "/" + uuid + "/url");

    renewed.then().statusCode(200);
    given().body(PAYLOAD).post(open).then().statusCode(404);
    given().body(PAYLOAD).post(Webhooks.hook(renewed)).then().statusCode(202);
  }

  @Test
  void aSignedMessageStartsOneExecution() {
    Response answer = deliver("msg_1", Instant.now(), PAYLOAD);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    assertThat(webhooks.printed(answer.header("Location"))).endsWith(PAYLOAD);
  }

  @Test
  void aReplayStartsNothingNew() {
    Instant now = Instant.now();
    Response first = deliver("msg_1", now, PAYLOAD);
    webhooks.printed(first.header("Location"));

    Response again = deliver("msg_1", now, PAYLOAD);

    again
        .then()
        .statusCode(202)
        .body("execution_id", equalTo(first.path("execution_id")))
        .body("status", equalTo("completed"));
    mine.json().get("/api/v1/workflows/executions").then().body("total", equalTo(1));
    deliver("msg_1", now, "{}").then().statusCode(422);
  }

  @Test
  void idsOfTwoWebhooksAreNotTheSame() {
    String first = deliver("msg_1", Instant.now(), PAYLOAD).path("execution_id");

    given()
        .header("webhook-id", "msg_1")
        .body(PAYLOAD)
        .post(open)
        .then()
        .statusCode(202)
        .body("execution_id", org.hamcrest.Matchers.not(equalTo(first)));
  }

  @Test
  void anotherSignatureIsRefused() throws WebhookSigningException {
    Instant now = Instant.now();
    String right = new Webhook(secret).sign("msg_1", now.getEpochSecond(), PAYLOAD);
    String stranger =
        new Webhook("whsec_" + "c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vy")
            .sign("msg_1", now.getEpochSecond(), PAYLOAD);

    assertRefused(deliver("msg_1", now, PAYLOAD, stranger), "signature");
    assertRefused(deliver("msg_1", now, PAYLOAD, "v1,"), "signature");
    assertRefused(deliver("msg_1", now, PAYLOAD + " ", right), "signature");
    assertRefused(deliver("msg_2", now, PAYLOAD, right), "signature");
    assertRefused(deliver("msg_1", now.plusSeconds(1), PAYLOAD, right), "signature");
    assertRefused(given().body(PAYLOAD).post(signed), "Missing required headers");
    mine.json().get("/api/v1/workflows/executions").then().body("total", equalTo(0));
  }

  @Test
  void aTimeFarAwayIsRefused() {
    assertRefused(deliver("msg_1", Instant.now().minusSeconds(301), PAYLOAD), "too old");
    assertRefused(deliver("msg_1", Instant.now().plusSeconds(320), PAYLOAD), "too new");
  }

  @Test
  void aGivenSecretIsTakenAndASecondOneReplacesIt() throws WebhookSigningException {
    String uuid = mine.json().get(Webhooks.WEBHOOKS + "?filter=signed").path("webhooks[0].uuid");
    String other = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcg==";

    mine.json()
        .body("{\"secret\": \"" + other + "\"}")
        .put(Webhooks.WEBHOOKS + "/" + uuid)
        .then()
        .statusCode(200)
        .body("secret", equalTo(null));

    assertRefused(deliver("msg_1", Instant.now(), PAYLOAD), "signature");
    secret = other;
    deliver("msg_2", Instant.now(), PAYLOAD).then().statusCode(202);
    mine.json().body("{\"signed\": false}").put(Webhooks.WEBHOOKS + "/" + uuid);
    given().body(PAYLOAD).post(signed).then().statusCode(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "{", "{} {}", "nonsense", "\"\\ud8\"", "{\"a\": 1,}"})
  void whatIsNoJsonIsRefused(String body) {
    given()
        .body(body)
        .post(open)
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("body"));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    given()
        .contentType("application/octet-stream")
        .body(new byte[] {'"', (byte) 0xff, '"'})
        .post(open)
        .then()
        .statusCode(400)
        .body("error.details.error", equalTo("is not in UTF-8"));
  }

  @Test
  void deepJsonIsRefused() {
    given()
        .body("[".repeat(65) + "]".repeat(65))
        .post(open)
        .then()
        .statusCode(400)
        .body("error.details.error", containsString("at most 64 levels"));
    given().body("[".repeat(64) + "]".repeat(64)).post(open).then().statusCode(202);
    given().body("[".repeat(40_000)).post(open).then().statusCode(400);
  }

  @Test
  void whatIsTooLargeIsRefused() {
    given()
        .body("\"" + "x".repeat(LIMIT) + "\"")
        .post(open)
        .then()
        .statusCode(413)
        .body("error.details.limit", equalTo(LIMIT));
    given().body("\"" + "x".repeat(LIMIT - 2) + "\"").post(open).then().statusCode(202);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void aGigabyteThatIsAnnouncedIsNotReadAtAll() throws IOException {
    try (Socket socket = connect()) {
      write(socket, "POST " + open + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n");

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
    }
  }

  @Test
  void aGigabyteThatIsNotAnnouncedIsCutOff() throws IOException {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    long sent = 0;
    try (Socket socket = connect()) {
      write(socket, "POST " + open + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      InputStream in = socket.getInputStream();
      while (sent < 1L << 30 && in.available() == 0) {
        write(socket, chunk);
        sent += chunk.length();
      }
    } catch (IOException cutOff) {
      assertThat(cutOff).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
    }
    assertThat(sent).isLessThan(64L << 20);
  }
}
