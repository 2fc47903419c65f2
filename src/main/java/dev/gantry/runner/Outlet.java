package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The way back to the engine. Calls from one thread keep their order per execution and never wait
 * for the broker; the stages complete when Kafka has acknowledged, on a thread that must not be
 * blocked.
 */
public interface Outlet {
  CompletionStage<Void> event(StepEvent event);

  /**
   * @param batch an encoded {@link dev.gantry.executions.protocol.LogBatch}
   */
  CompletionStage<Void> log(UUID executionId, int partition, byte[] batch);
}
