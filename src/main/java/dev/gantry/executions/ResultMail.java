package dev.gantry.executions;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.workflows.MailSettings;
import dev.gantry.workflows.MailSettings.Letter;
import dev.gantry.workflows.MailSettings.Server;
import dev.gantry.workflows.Substitution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What is to be written to people about the end of an execution: all that is needed for it, as it
 * travels from the engine to who sends it.
 *
 * @param execution as the API shows it
 * @param error why it did not complete, or null
 * @param steps those that did not complete, the first few
 * @param completed how many steps did
 * @param letter without variables
 * @param server without variables, and without what is a secret; null = the installation's
 * @param usernameSecret the secret that is the server's user, or null
 * @param passwordSecret the secret that is the server's password, or null
 */
public record ResultMail(
    UUID organization,
    String execution,
    String workflow,
    String status,
    String error,
    Instant createdAt,
    Instant completedAt,
    List<Step> steps,
    int completed,
    Letter letter,
    Server server,
    String usernameSecret,
    String passwordSecret) {
  private static final int MOST_STEPS = 50;

  /**
   * @param error null when it was not run
   */
  public record Step(String name, String status, Integer exitCode, String error) {}

  /** Null when nobody wants to know of this end. */
  static ResultMail of(Execution execution, Instant now) {
    MailSettings settings = execution.accepted().definition().mails();
    Letter letter =
        switch (execution.status()) {
          case COMPLETED -> settings.success();
          case FAILED, TIMED_OUT -> settings.failure();
          default -> null;
        };
    if (letter == null) {
      return null;
    }
    Acceptance accepted = execution.accepted();
    Map<String, String> variables = Dispatch.variables(execution);
    Map<String, String> secrets = accepted.definition().grants().secrets();
    List<Step> steps = new ArrayList<>();
    int completed = 0;
    for (int i = 0; i < execution.size(); i++) {
      Ended ended = (Ended) execution.state(i);
      if (ended.status() == StepStatus.COMPLETED) {
        completed++;
      } else if (steps.size() < MOST_STEPS) {
        String name = execution.definition(i).name();
        steps.add(new Step(name, ended.status().text(), ended.exitCode(), ended.error()));
      }
    }
    Server server = settings.server();
    String username = server == null ? null : secretOf(server.username(), secrets);
    String password = server == null ? null : secretOf(server.password(), secrets);
    return new ResultMail(
        accepted.organizationId(),
        accepted.publicId(),
        accepted.definition().name(),
        execution.status().text(),
        execution.error(),
        accepted.createdAt(),
        now,
        steps,
        completed,
        filled(letter, variables),
        server == null
            ? null
            : new Server(
                filled(server.host(), variables),
                filled(server.port(), variables),
                username == null ? filled(server.username(), variables) : null,
                password == null ? filled(server.password(), variables) : null),
        username,
        password);
  }

  private static Letter filled(Letter letter, Map<String, String> variables) {
    return new Letter(
        filled(letter.from(), variables),
        letter.to().stream().map(to -> filled(to, variables)).toList(),
        filled(letter.prefix(), variables),
        letter.attachLogs());
  }

  /**
   * A text that would be too long stays as it is written: the execution has to end all the same.
   */
  private static String filled(String text, Map<String, String> variables) {
    try {
      return text == null ? null : Substitution.apply(text, variables);
    } catch (IllegalArgumentException tooLong) {
      return text;
    }
  }

  /** The name of the secret that the text stands for, if it is {@code ${VARIABLE}} of one. */
  private static String secretOf(String text, Map<String, String> secrets) {
    return text != null && text.startsWith("${") && text.endsWith("}")
        ? secrets.get(text.substring(2, text.length() - 1))
        : null;
  }
}
