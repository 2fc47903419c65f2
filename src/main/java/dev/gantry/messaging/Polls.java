package dev.gantry.messaging;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Has polls handled side by side, since the next one may hold what must not wait for those before.
 * Kafka moves on past a poll when it is handled. Any thread, never blocks.
 */
public final class Polls {
  private final int much;
  private final AtomicInteger inHand = new AtomicInteger();

  /**
   * @param much how many records may be in hand before no more are taken from Kafka
   */
  public Polls(int much) {
    this.much = much;
  }

  /** Done at once, or with the poll itself when much is in hand. */
  public CompletionStage<Void> take(
      Message<ConsumerRecords<String, byte[]>> poll,
      Function<ConsumerRecords<String, byte[]>, Uni<Void>> handler) {
    int count = poll.getPayload().count();
    inHand.addAndGet(count);
    CompletionStage<Void> settled =
        handler
            .apply(poll.getPayload())
            .onTermination()
            .invoke(() -> inHand.addAndGet(-count))
            .subscribeAsCompletionStage()
            .thenCompose(done -> poll.ack())
            .exceptionallyCompose(poll::nack);
    return inHand.get() < much ? CompletableFuture.completedFuture(null) : settled;
  }
}
