package dev.gantry.executions;

import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.EngineLoop.Result;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.messaging.DeadLetters;
import dev.gantry.messaging.Polls;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Hands the step events of one poll to the engine, and lets Kafka move on once all of them are
 * committed or dead-lettered. Event loop, never blocks.
 */
@ApplicationScoped
class StepEventConsumer {
  /** How many events may wait for their commit before no more are taken from Kafka. */
  private static final int MUCH = 1_000;

  private final EngineLoop engine;
  private final DatabaseClock clock;
  private final DeadLetters deadLetters;
  private final Polls polls = new Polls(MUCH);

  StepEventConsumer(EngineLoop engine, DeadLetters deadLetters, DatabaseClock clock) {
    this.clock = clock;
    this.engine = engine;
    this.deadLetters = deadLetters;
  }

  /**
   * Done when the poll is handed over, or with its commit when very much is: the next poll may hold
   * what the engine must not wait for.
   */
  @Incoming("engine-steps")
  CompletionStage<Void> consume(Message<ConsumerRecords<String, byte[]>> poll) {
    return polls.take(poll, this::handle);
  }

  private Uni<Void> handle(ConsumerRecords<String, byte[]> records) {
    Instant now = clock.now().truncatedTo(ChronoUnit.MILLIS);
    List<Uni<Void>> handled = new ArrayList<>(records.count());
    for (ConsumerRecord<String, byte[]> record : records) {
      handled.add(handle(record, now));
    }
    return handled.isEmpty()
        ? Uni.createFrom().voidItem()
        : Uni.join().all(handled).andFailFast().replaceWithVoid();
  }

  private Uni<Void> handle(ConsumerRecord<String, byte[]> record, Instant now) {
    StepEvent event;
    try {
      event = ProtocolJson.read(record.value(), StepEvent.class);
      if (event == null || event.executionId() == null) {
        return deadLetters.send(record, "the message names no execution");
      }
    } catch (IOException | RuntimeException e) {
      return deadLetters.send(record, "not a step event: " + firstLine(e));
    }
    return engine.submit(event.executionId(), event, now).chain(result -> settle(record, result));
  }

  private Uni<Void> settle(ConsumerRecord<String, byte[]> record, Result result) {
    if (!result.found()) {
      return deadLetters.send(record, "no such execution");
    }
    return result.failure() == null
        ? Uni.createFrom().voidItem()
        : deadLetters.send(record, "the execution cannot take it: " + result.failure());
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
