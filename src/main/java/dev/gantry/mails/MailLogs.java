package dev.gantry.mails;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.ResultMail;
import dev.gantry.logs.StepLogs;
import dev.gantry.logs.StepLogs.Printed;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * What the steps printed, for mails that it is attached to. A mail is sent in any case: whatever is
 * wrong with the logs, it says so. Never blocks.
 */
@ApplicationScoped
class MailLogs {
  private static final Logger LOG = Logger.getLogger(MailLogs.class);

  /** As mail servers take it, once it is a third longer on its way. */
  static final int MOST_BYTES = 5 << 20;

  private static final int MOST_FILES = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Printed NOTHING = new Printed(List.of(), 0);

  private final StepLogs logs;

  MailLogs(StepLogs logs) {
    this.logs = logs;
  }

  /**
   * @param printed what is attached
   * @param remarks what else is to be said of it, in sentences
   */
  record Attached(Printed printed, List<String> remarks) {
    static final Attached NONE = new Attached(NOTHING, List.of());
  }

  /** Waits a while for what is still on its way, and answers what is missing then. */
  Uni<List<String>> missing(ResultMail mail) {
    return Uni.createFrom()
        .deferred(() -> logs.whenStored(mail.organization(), Kind.WORKFLOW, id(mail), PATIENCE))
        .map(found -> found.orElse(List.of("the execution is no longer kept")))
        .ifNoItem()
        .after(PATIENCE.plus(LONGEST))
        .fail()
        .onFailure()
        .recoverWithItem(failure -> List.of(unreadable(mail, failure)));
  }

  Uni<Attached> read(ResultMail mail, List<String> missing) {
    return Uni.createFrom()
        .deferred(() -> logs.read(id(mail), MOST_BYTES, MOST_FILES))
        .map(printed -> new Attached(printed, missing))
        .ifNoItem()
        .after(LONGEST)
        .fail()
        .onFailure()
        .recoverWithItem(failure -> new Attached(NOTHING, List.of(unreadable(mail, failure))));
  }

  private static UUID id(ResultMail mail) {
    return Kind.WORKFLOW.parse(mail.execution()).orElseThrow();
  }

  private static String unreadable(ResultMail mail, Throwable failure) {
    LOG.warnf("the log for the mail of %s not read: %s", mail.execution(), failure);
    return "they could not be read";
  }
}
