package dev.gantry.mails;

import dev.gantry.executions.ResultMail;
import dev.gantry.logs.StepLogs.StepLog;
import dev.gantry.mails.MailLogs.Attached;
import dev.gantry.platform.Durations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a mail says. Pure code. */
final class MailText {
  private MailText() {}

  /** On one line, whatever the workflow's texts hold. */
  static String subject(ResultMail mail) {
    String prefix = mail.letter().prefix();
    String subject = mail.workflow() + " " + mail.status().replace('_', ' ');
    String whole = prefix == null || prefix.isBlank() ? subject : prefix.strip() + " " + subject;
    return whole.replaceAll("\\p{Cntrl}+", " ");
  }

  static String body(ResultMail mail, Attached logs) {
    StringBuilder text = new StringBuilder();
    line(text, "Workflow", mail.workflow());
    line(text, "Execution", mail.execution());
    line(text, "Status", mail.status());
    if (mail.error() != null) {
      line(text, "Error", mail.error());
    }
    line(text, "Accepted", mail.createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
    line(text, "Ended", mail.completedAt().truncatedTo(ChronoUnit.SECONDS).toString());
    line(
        text, "Duration", Durations.format(Duration.between(mail.createdAt(), mail.completedAt())));
    text.append("\nSteps completed: ").append(mail.completed()).append('\n');
    for (ResultMail.Step step : mail.steps()) {
      text.append("- ").append(step.name()).append(": ").append(step.status());
      if (step.exitCode() != null) {
        text.append(", exit code ").append(step.exitCode());
      }
      if (step.error() != null) {
        text.append(", ").append(step.error());
      }
      text.append('\n');
    }
    if (mail.letter().attachLogs()) {
      logs(text, mail, logs);
    }
    return text.toString();
  }

  private static void logs(StringBuilder text, ResultMail mail, Attached logs) {
    text.append("\nSteps whose logs are attached: ").append(logs.printed().steps().size());
    text.append("\nAll logs: ").append(where(mail)).append('\n');
    if (logs.printed().others() > 0) {
      text.append("- not attached: the logs of ").append(logs.printed().others());
      text.append(" more steps, which printed nothing later than these\n");
    }
    logs.remarks().forEach(remark -> text.append("- missing: ").append(remark).append('\n'));
  }

  /** A step's name may hold what no file's may. */
  static String fileName(StepLog log) {
    return log.step().replaceAll("[\\p{Cntrl}/\\\\:*?\"<>|]", "_") + ".log";
  }

  /** What a file says before the log: nothing, when it is all there. */
  static String above(ResultMail mail, StepLog log) {
    return log.cut() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "[%,d bytes before this are left out: a mail takes %d MiB of logs. All of it: %s?step=%s]%n",
            log.cut(),
            MailLogs.MOST_BYTES >> 20,
            where(mail),
            URLEncoder.encode(log.step(), StandardCharsets.UTF_8));
  }

  private static String where(ResultMail mail) {
    return "GET /api/v1/workflows/executions/" + mail.execution() + "/logs";
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-10s %s%n", name + ":", value));
  }
}
