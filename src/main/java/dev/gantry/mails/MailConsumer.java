package dev.gantry.mails;

import dev.gantry.executions.ResultMail;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.logs.StepLogs.StepLog;
import dev.gantry.mails.MailLogs.Attached;
import dev.gantry.messaging.DeadLetters;
import dev.gantry.messaging.Polls;
import dev.gantry.network.RefusedAddressException;
import dev.gantry.secrets.UnusableSecretsException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.mail.MailClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Sends mails side by side, and lets Kafka move on once each is sent or, after some tries,
 * dead-lettered with its reason. A mail can be sent twice when a process dies; both have the same
 * Message-ID. Event loop, never blocks.
 */
@ApplicationScoped
class MailConsumer {
  private static final Logger LOG = Logger.getLogger(MailConsumer.class);
  private static final int MUCH = 500;
  private static final int TRIES_AGAIN = 5;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** What is attached lies in memory meanwhile. */
  private static final int WITH_LOGS_AT_ONCE = 8;

  private final Vertx vertx;
  private final MailServers servers;
  private final MailLogs logs;
  private final MailConfig config;
  private final DeadLetters deadLetters;
  private final MeterRegistry metrics;
  private final Polls polls = new Polls(MUCH);
  private final Turns turns = new Turns(WITH_LOGS_AT_ONCE);

  MailConsumer(
      Vertx vertx,
      MailServers servers,
      MailLogs logs,
      MailConfig config,
      DeadLetters deadLetters,
      MeterRegistry metrics) {
    this.vertx = vertx;
    this.servers = servers;
    this.logs = logs;
    this.config = config;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
  }

  /** A server that is dead delays no other. */
  @Incoming("mails")
  CompletionStage<Void> consume(Message<ConsumerRecords<String, byte[]>> poll) {
    return polls.take(poll, this::handle);
  }

  private Uni<Void> handle(ConsumerRecords<String, byte[]> records) {
    List<Uni<Void>> handled = new ArrayList<>();
    records.forEach(record -> handled.add(handle(record)));
    return handled.isEmpty()
        ? Uni.createFrom().voidItem()
        : Uni.join().all(handled).andFailFast().replaceWithVoid();
  }

  private Uni<Void> handle(ConsumerRecord<String, byte[]> record) {
    ResultMail mail;
    try {
      mail = ProtocolJson.read(record.value(), ResultMail.class);
      if (mail == null || mail.letter() == null || mail.execution() == null) {
        return deadLetters.send(record, "not a mail: it says not to whom or of what");
      }
    } catch (IOException | RuntimeException e) {
      return deadLetters.send(record, "not a mail: " + firstLine(e));
    }
    return sending(mail)
        .onFailure(failure -> !isHopeless(failure))
        .invoke(failure -> LOG.warnf("mail of %s not sent: %s", mail.execution(), failure))
        .onFailure(failure -> !isHopeless(failure))
        .retry()
        .withBackOff(FIRST_PAUSE, LAST_PAUSE)
        .atMost(TRIES_AGAIN)
        .onFailure()
        .recoverWithUni(failure -> deadLetters.send(record, "not sent: " + reason(failure)));
  }

  /** One try, each time that it is subscribed to. */
  private Uni<Void> sending(ResultMail mail) {
    if (!mail.letter().attachLogs()) {
      return Uni.createFrom().deferred(() -> send(mail, Attached.NONE));
    }
    return logs.missing(mail)
        .memoize()
        .indefinitely()
        .chain(
            missing ->
                turns.inTurn(
                    () -> logs.read(mail, missing).chain(attached -> send(mail, attached))));
  }

  private Uni<Void> send(ResultMail mail, Attached logs) {
    return servers
        .of(mail)
        .chain(
            server -> {
              MailClient client = MailClient.create(vertx, server);
              return client.sendMail(message(mail, logs)).eventually(client::close);
            })
        .ifNoItem()
        .after(LONGEST)
        .fail()
        .invoke(() -> metrics.counter("gantry.mails.sent").increment())
        .replaceWithVoid();
  }

  private MailMessage message(ResultMail mail, Attached logs) {
    String from = mail.letter().from() == null ? config.from() : mail.letter().from();
    MailMessage message = new MailMessage();
    message.setFrom(from);
    message.setTo(mail.letter().to());
    message.setSubject(MailText.subject(mail));
    message.setText(MailText.body(mail, logs));
    message.setAttachment(
        logs.printed().steps().stream().map(log -> attachment(mail, log)).toList());
    message.addHeader("Message-ID", "<" + mail.execution() + "@gantry>");
    message.addHeader("Auto-Submitted", "auto-generated");
    return message;
  }

  private static MailAttachment attachment(ResultMail mail, StepLog log) {
    return MailAttachment.create()
        .setName(MailText.fileName(log))
        .setContentType("text/plain; charset=utf-8")
        .setDisposition("attachment")
        .setData(Buffer.buffer(MailText.above(mail, log)).appendBytes(log.text()));
  }

  /** Another try would end alike. */
  private static boolean isHopeless(Throwable failure) {
    return failure instanceof UnsendableMailException
        || failure instanceof UnusableSecretsException
        || failure instanceof RefusedAddressException
        || failure instanceof IllegalArgumentException;
  }

  /** Of the last try. */
  private static String reason(Throwable failure) {
    return firstLine(failure.getCause() == null ? failure : failure.getCause());
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
