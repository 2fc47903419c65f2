package dev.gantry.mails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gantry.messaging.Topics;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mails about ends, through the engine, Kafka and a mail server. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class MailsTest {
  private static final String LETTERS =
      """
      name: nightly
      mailOn: {success: true, failure: true}
      infoMail: {from: info@example.com, to: [a@example.com, b@example.com]}
      errorMail: {from: error@example.com, to: "${WHO}@example.com", prefix: "${PREFIX}"}
      """;

  @Inject Topics topics;
  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    server.start();
    server.setUser("gantry@example.com", "gantry", "not-a-password-4711");
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private String smtp(String more) {
    return "smtp: {host: 127.0.0.1, port: " + server.getSmtp().getPort() + more + "}\n";
  }

  private String execute(String definition, String status) {
    return mine.json()
        .body(
            Map.of(
                "definition",
                definition,
                "variables",
                Map.of("WHO", "ops", "PREFIX", "[x]\r\nBcc: thief@example.com")))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .statusCode(200)
        .body("status", equalTo(status))
        .extract()
        .path("execution_id");
  }

  private MimeMessage[] received(int count) {
    assertThat(server.waitForIncomingEmail(20_000, count)).isTrue();
    return server.getReceivedMessages();
  }

  @Test
  void tellsASuccessToEachWhoWantsToKnow() throws MessagingException {
    String id = execute(LETTERS + smtp("") + "steps: [{name: a, command: 'true'}]", "completed");

    MimeMessage[] mails = received(1);
    assertThat(mails).hasSize(2);
    assertThat(mails[0].getSubject()).isEqualTo("nightly completed");
    assertThat(mails[0].getFrom()[0]).hasToString("info@example.com");
    assertThat(mails[0].getAllRecipients()).hasSize(2);
    assertThat(mails[0].getMessageID()).isEqualTo("<" + id + "@gantry>");
    assertThat(GreenMailUtil.getBody(mails[0])).contains(id, "Steps completed: 1");
  }

  @Test
  void tellsAFailureWithItsReasonOnOneLineOfSubject() throws MessagingException {
    execute(
        LETTERS + smtp("") + "steps: [{name: a, command: exit 7}, {name: b, command: 'true'}]",
        "failed");

    MimeMessage mail = received(1)[0];
    assertThat(mail.getSubject()).isEqualTo("[x] Bcc: thief@example.com nightly failed");
    assertThat(mail.getAllRecipients()).hasSize(1);
    assertThat(mail.getAllRecipients()[0]).hasToString("ops@example.com");
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(GreenMailUtil.getBody(mail))
        .contains("- a: failed, exit code 7", "- b: skipped", "step 'a'");
  }

  @Test
  void logsInWithASecretAndTellsTheAuditTrail() {
    mine.json()
        .body(Map.of("name", "SMTP_PASSWORD", "value", "not-a-password-4711"))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);

    execute(
        LETTERS
            + "secrets: [SMTP_PASSWORD]\n"
            + smtp(", username: gantry, password: '${SMTP_PASSWORD}'")
            + "steps: [{name: a, command: exit 1}]",
        "failed");

    assertThat(received(1)).hasSize(1);
    mine.json()
        .get("/api/v1/audit?action=secret.use")
        .then()
        .body("entries.findAll { it.detail.step == 'smtp' }.size()", equalTo(1));
  }

  private static final String WITH_LOGS =
      LETTERS.replace("errorMail: {", "errorMail: {attachLogs: true, ");

  /** The attached files by name, behind the text under an empty name. */
  private static Map<String, String> files(MimeMessage mail)
      throws MessagingException, IOException {
    Map<String, String> files = new LinkedHashMap<>();
    Multipart parts = (Multipart) mail.getContent();
    for (int i = 0; i < parts.getCount(); i++) {
      BodyPart part = parts.getBodyPart(i);
      String name = part.getFileName();
      files.put(
          name == null ? "" : MimeUtility.decodeText(name),
          new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
    return files;
  }

  @Test
  void attachesWhatEachStepPrintedWithItsSecretsMasked() throws MessagingException, IOException {
    mine.json()
        .body(Map.of("name", "TOKEN", "value", "not-a-token-4711"))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);

    execute(
        WITH_LOGS
            + smtp("")
            + """
            secrets: [TOKEN]
            steps:
              - {name: greet, command: 'echo hellö; echo bad >&2'}
              - {name: quiet, command: 'true'}
              - {name: "a/b ü", command: 'echo "token $TOKEN"; exit 3'}
              - {name: never, command: echo never}
            """,
        "failed");

    Map<String, String> files = files(received(1)[0]);
    assertThat(files.keySet()).containsExactly("", "greet.log", "a_b ü.log");
    assertThat(files.get("greet.log").lines()).containsExactlyInAnyOrder("hellö", "bad");
    assertThat(files.get("a_b ü.log")).startsWith("token ").doesNotContain("4711");
    assertThat(files.get(""))
        .contains("Steps whose logs are attached: 2")
        .doesNotContain("missing");
  }

  @Test
  void attachesTheEndOfALogThatIsTooLong() throws MessagingException, IOException {
    String id =
        execute(
            WITH_LOGS
                + smtp("")
                + """
                steps:
                  - {name: little, command: echo little}
                  - {name: much, command: 'seq 1000000 1999999; exit 3'}
                """,
            "failed");

    Map<String, String> files = files(received(1)[0]);
    assertThat(files.get("little.log")).isEqualTo("little\n");
    assertThat(files.get("much.log"))
        .startsWith("[2,757,")
        .endsWith("\n1999999\n")
        .contains("All of it: GET /api/v1/workflows/executions/" + id + "/logs?step=much]\n")
        .hasSizeBetween((5 << 20) - 100, (5 << 20) + 200);
  }

  @Test
  void attachesNothingUnlessItIsAskedFor() throws MessagingException, IOException {
    execute(LETTERS + smtp("") + "steps: [{name: a, command: echo one; exit 1}]", "failed");

    assertThat(received(1)[0].getContent()).isInstanceOf(String.class);
  }

  @Test
  void doesNotWriteAboutWhatNobodyWantsToKnow() {
    String quiet = LETTERS.replace("success: true", "success: false");
    execute(quiet + smtp("") + "steps: [{name: a, command: 'true'}]", "completed");
    execute(quiet + smtp("") + "steps: [{name: a, command: exit 1}]", "failed");

    assertThat(received(1)).hasSize(1);
  }

  @Test
  void whatCannotBeSentIsDeadLetteredWithItsReason() {
    String id =
        execute(
            LETTERS
                + "smtp: {host: 127.0.0.1, port: '${WHO}'}\nsteps: [{name: a, command: exit 1}]",
            "failed");

    TopicReader.read(
        Topics.deadLetters(topics.mails()),
        id,
        letters -> {
          letters.forEach(
              letter ->
                  assertThat(
                          new String(
                              letter.headers().lastHeader("dead-letter-reason").value(),
                              StandardCharsets.UTF_8))
                      .contains("smtp.port is no number: ops"));
          return letters.size() == 1;
        });
  }

  @Test
  void aServerThatIsAwayForAMomentIsTriedAgain() {
    int port = server.getSmtp().getPort();
    server.stop();
    execute(
        LETTERS
            + "smtp: {host: 127.0.0.1, port: "
            + port
            + "}\nsteps: [{name: a, command: exit 1}]",
        "failed");
    GreenMail later = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    later.start();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> later.getReceivedMessages().length == 1);
    } finally {
      later.stop();
    }
  }
}
