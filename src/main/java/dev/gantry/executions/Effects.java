package dev.gantry.executions;

import dev.gantry.events.PublicEvent;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a transition wants to be sent: commands, public events and mails, as messages for the
 * outbox. Used by one thread.
 */
final class Effects {
  /** Leaves room for the record's key and headers below what a topic takes. */
  static final int MAX_COMMAND_BYTES = Topics.MAX_MESSAGE_BYTES - (64 << 10);

  private final Topics topics;
  private final List<OutboxMessage> messages = new ArrayList<>();

  Effects(Topics topics) {
    this.topics = topics;
  }

  List<OutboxMessage> messages() {
    return messages;
  }

  /** False, and nothing is sent, when the command is larger than a message may be. */
  boolean command(Execution execution, RunnerCommand command) {
    byte[] payload = ProtocolJson.write(command);
    if (payload.length > MAX_COMMAND_BYTES) {
      return false;
    }
    messages.add(
        new OutboxMessage(
            topics.commands(execution.accepted().runner()),
            command.executionId().toString(),
            Map.of(),
            payload));
    return true;
  }

  void mail(ResultMail mail) {
    messages.add(
        new OutboxMessage(topics.mails(), mail.execution(), Map.of(), ProtocolJson.write(mail)));
  }

  void event(Execution execution, String type, Instant now, Map<String, Object> data) {
    messages.add(
        new PublicEvent(
                type,
                execution.accepted().publicId(),
                execution.nextEventSequence(),
                now,
                execution.accepted().organizationId(),
                SpanIds.ofExecution(execution.accepted()),
                data)
            .toMessage(topics.events()));
  }
}
