package dev.gantry.mails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.ResultMail;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.logs.StepLogs.Printed;
import dev.gantry.logs.StepLogs.StepLog;
import dev.gantry.mails.MailLogs.Attached;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a mail says of the logs that go with it. */
class MailTextTest {
  private static final String LOGS =
      "GET /api/v1/workflows/executions/exec-01a212b8-a9a0-7245-bd54-0e17c31dbfff/logs";

  /** As it comes over the topic; an older engine says nothing of logs. */
  private static ResultMail mail(String attachLogs) throws IOException {
    String record =
        """
        {"execution": "exec-01a212b8-a9a0-7245-bd54-0e17c31dbfff", "workflow": "w",
         "status": "failed", "createdAt": "2026-01-01T00:00:00Z",
         "completedAt": "2026-01-01T00:00:01Z", "steps": [], "completed": 0,
         "letter": {"to": ["a@example.com"]%s}}
        """
            .formatted(attachLogs);
    return ProtocolJson.read(record.getBytes(StandardCharsets.UTF_8), ResultMail.class);
  }

  private static StepLog log(String step, long cut) {
    return new StepLog(step, new byte[0], cut);
  }

  @Test
  void saysNothingOfLogsThatNobodyWants() throws IOException {
    assertThat(MailText.body(mail(""), Attached.NONE)).doesNotContain("ogs");
  }

  @Test
  void saysWhatIsNotAttached() throws IOException {
    Attached attached =
        new Attached(
            new Printed(List.of(log("a", 0)), 3),
            List.of("step 'b' attempt 1: 1 of 3 lines came so far"));

    assertThat(MailText.body(mail(", \"attachLogs\": true"), attached))
        .contains(
            "Steps whose logs are attached: 1\n",
            "All logs: " + LOGS + "\n",
            "- not attached: the logs of 3 more steps",
            "- missing: step 'b' attempt 1: 1 of 3 lines came so far\n");
  }

  @Test
  void saysAboveALogWhatIsLeftOutOfItAndWhereItIs() throws IOException {
    assertThat(MailText.above(mail(""), log("a", 0))).isEmpty();
    assertThat(MailText.above(mail(""), log("build & test", 1_234)))
        .isEqualTo(
            "[1,234 bytes before this are left out: a mail takes 5 MiB of logs. All of it: "
                + LOGS
                + "?step=build+%26+test]\n");
  }

  @Test
  void namesAFileAsFilesMayBeNamed() {
    assertThat(MailText.fileName(log("deploy: \"a/b\" <ü>", 0))).isEqualTo("deploy_ _a_b_ _ü_.log");
  }
}
