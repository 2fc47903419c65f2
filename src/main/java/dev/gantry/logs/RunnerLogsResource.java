package dev.gantry.logs;

import dev.gantry.executions.HeldAttempt;
import dev.gantry.executions.HeldAttempts;
import dev.gantry.http.Caller;
import dev.gantry.messaging.Topics;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * {@code /runner}, for runners: how far the log of an attempt is stored that another process of the
 * runner has followed before. Event loop; chunks are unpacked on a worker.
 */
@Path("/runner/executions/{execution}/steps/{step}/attempts/{attempt}/log")
@Tag(name = "Runner")
@Produces(MediaType.APPLICATION_JSON)
class RunnerLogsResource {
  private static final int CHUNKS = 4;

  private final HeldAttempts attempts;
  private final LogReader reader;
  private final Topics topics;
  private final Caller caller;

  RunnerLogsResource(HeldAttempts attempts, LogReader reader, Topics topics, Caller caller) {
    this.attempts = attempts;
    this.reader = reader;
    this.topics = topics;
    this.caller = caller;
  }

  @GET
  public Uni<LogPosition> get(
      @PathParam("execution") String execution,
      @PathParam("step") String step,
      @PathParam("attempt") String attempt) {
    HeldAttempt held = HeldAttempt.named(execution, step, attempt);
    return attempts
        .logPartition(held, caller)
        .chain(partition -> reader.state(topics.logs(), partition, held.execution()))
        .chain(state -> position(held, state));
  }

  private Uni<LogPosition> position(HeldAttempt held, LogReader.State state) {
    AttemptLog.Key key = new AttemptLog.Key(held.step(), held.attempt());
    AttemptLog attempt = state.attempts().getOrDefault(key, new AttemptLog(key));
    LogPosition.Count count = new LogPosition.Count(key);
    AtomicLong from = new AtomicLong();
    return Multi.createBy()
        .repeating()
        .uni(() -> next(held, from, state.nextOffset(), count))
        .whilst(read -> read == CHUNKS)
        .collect()
        .last()
        .map(read -> count.at(state.nextOffset(), attempt));
  }

  private Uni<Integer> next(
      HeldAttempt held, AtomicLong from, long until, LogPosition.Count count) {
    return reader
        .chunks(held.execution(), from.get(), until, held.step(), CHUNKS)
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(
            chunks -> {
              chunks.forEach(
                  chunk -> {
                    chunk.entries().stream()
                        .filter(entry -> entry.offset() < until)
                        .forEach(count::add);
                    from.set(chunk.lastOffset() + 1);
                  });
              return chunks.size();
            });
  }
}
