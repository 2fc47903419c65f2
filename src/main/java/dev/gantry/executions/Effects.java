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
 * What a transition wants to be sent: commands and public events, as messages for the outbox. Used
 * by one thread.
 */
final class Effects {
  private final Topics topics;
  private final List<OutboxMessage> messages = new ArrayList<>();

  Effects(Topics topics) {
    this.topics = topics;
  }

  List<OutboxMessage> messages() {
    return messages;
  }

  void command(Execution execution, RunnerCommand command) {
    messages.add(
        new OutboxMessage(
            topics.commands(execution.accepted().runner()),
            command.executionId().toString(),
            Map.of(),
            ProtocolJson.write(command)));
  }

  void event(Execution execution, String type, Instant now, Map<String, Object> data) {
    messages.add(
        new PublicEvent(
                type, execution.accepted().publicId(), execution.nextEventSequence(), now, data)
            .toMessage(topics.events()));
  }
}
