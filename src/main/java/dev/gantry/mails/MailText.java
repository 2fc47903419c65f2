package dev.gantry.mails;

import dev.gantry.executions.ResultMail;
import dev.gantry.platform.Durations;
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

  static String body(ResultMail mail) {
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
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-10s %s%n", name + ":", value));
  }
}
