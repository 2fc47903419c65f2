package dev.gantry.logs;

import dev.gantry.database.SessionContext;
import dev.gantry.executions.LoggedExecutions;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.LoggedExecutions.LoggedExecution;
import dev.gantry.messaging.Topics;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The logs of executions that have ended as texts, for other rooms. Any thread, never blocks. */
@ApplicationScoped
public class StepLogs {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final int CHUNKS = 4;

  private final Vertx vertx;
  private final LoggedExecutions executions;
  private final LogReader reader;
  private final Topics topics;

  StepLogs(Vertx vertx, LoggedExecutions executions, LogReader reader, Topics topics) {
    this.vertx = vertx;
    this.executions = executions;
    this.reader = reader;
    this.topics = topics;
  }

  /**
   * What a step printed, all attempts.
   *
   * @param text its last whole lines, in UTF-8
   * @param cut how many bytes were before them
   */
  public record StepLog(String step, byte[] text, long cut) {}

  /**
   * @param steps that printed anything, in the definition's order
   * @param others how many more did
   */
  public record Printed(List<StepLog> steps, int others) {}

  /**
   * Answers once every counted line is stored, or after {@code patience}: with sentences that name
   * what is missing, of which there are none when all is there. Empty when there is no such
   * execution.
   */
  public Uni<Optional<List<String>>> whenStored(
      UUID organization, Kind kind, UUID execution, Duration patience) {
    return SessionContext.within(vertx, () -> executions.find(organization, kind, execution))
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : gaps(found.get(), System.nanoTime() + patience.toNanos()).map(Optional::of));
  }

  private Uni<List<String>> gaps(LoggedExecution execution, long until) {
    return Uni.createFrom()
        .deferred(() -> reader.state(topics.logs(), execution.logPartition(), execution.id()))
        .map(state -> Completeness.of(execution, state.attempts(), null))
        .repeat()
        .withDelay(LOOK_AGAIN)
        .whilst(there -> !there.complete() && System.nanoTime() < until)
        .collect()
        .last()
        .map(Completeness::gaps);
  }

  /** What is stored, up to so many bytes of at most so many steps. Unpacked on a worker. */
  public Uni<Printed> read(UUID execution, int mostBytes, int mostSteps) {
    Tails tails = new Tails(mostBytes);
    AtomicLong from = new AtomicLong();
    return Multi.createBy()
        .repeating()
        .uni(() -> next(execution, from, tails))
        .whilst(count -> count == CHUNKS)
        .collect()
        .last()
        .map(read -> tails.printed(mostSteps));
  }

  private Uni<Integer> next(UUID execution, AtomicLong from, Tails tails) {
    return reader
        .chunks(execution, from.get(), Long.MAX_VALUE, null, CHUNKS)
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .invoke(
            chunks ->
                chunks.forEach(
                    chunk -> {
                      chunk.entries().forEach(tails::add);
                      from.set(chunk.lastOffset() + 1);
                    }))
        .map(List::size);
  }
}
