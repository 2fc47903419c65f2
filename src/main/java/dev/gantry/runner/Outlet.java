package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The way back to the engine. Calls from one thread keep their order per execution and never wait
 * for the broker; the stages complete with the offset when Kafka has acknowledged, on a thread that
 * must not be blocked.
 */
public interface Outlet {
  CompletionStage<Long> event(StepEvent event);

  /**
   * @param batch an encoded {@link dev.gantry.executions.protocol.LogBatch}
   */
  CompletionStage<Long> log(UUID executionId, int partition, byte[] batch);
}
