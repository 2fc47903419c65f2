package dev.gantry.runner;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.util.concurrent.Executor;

/**
 * One of the names that this process serves, with all that is its own: names share the slots, the
 * log's buffer and the threads of the process, and nothing else.
 */
record ServedRunner(
    String name, Runner runner, CommandOffsets offsets, Leftovers leftovers, Adoption adoption)
    implements AutoCloseable {
  /**
   * @param channel that the commands written for it come from
   */
  static ServedRunner of(
      String name, Runner runner, KafkaClientService clients, String channel, Executor workers) {
    return new ServedRunner(
        name,
        runner,
        new CommandOffsets(clients, channel, runner.ledger()),
        new Leftovers(clients, channel, runner, workers),
        new Adoption(name, runner));
  }

  @Override
  public void close() {
    adoption.close();
    runner.close();
  }
}
