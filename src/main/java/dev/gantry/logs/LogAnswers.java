package dev.gantry.logs;

import dev.gantry.executions.LoggedExecutions;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.LoggedExecutions.LoggedExecution;
import dev.gantry.executions.LoggedExecutions.LoggedStep;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.Paging;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Times;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;

/** Answers requests for logs, for both front doors. Event loop, never blocks. */
@ApplicationScoped
class LogAnswers {
  private static final int DEFAULT_LIMIT = 1_000;
  private static final int MAX_LIMIT = 10_000;
  private static final int CHUNKS = 4;

  private final LoggedExecutions executions;
  private final LogReader reader;
  private final LiveLogs live;
  private final Topics topics;
  private final Caller caller;

  LogAnswers(
      LoggedExecutions executions,
      LogReader reader,
      @Identifier("log-live") LiveLogs live,
      Topics topics,
      Caller caller) {
    this.executions = executions;
    this.reader = reader;
    this.live = live;
    this.topics = topics;
    this.caller = caller;
  }

  /** A page of lines as a JSON object. */
  Uni<byte[]> page(Kind kind, String executionId, RoutingContext context) {
    int limit =
        Paging.number("limit", context.request().getParam("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
    return request(kind, executionId, context, context.request().getParam("after"))
        .chain(
            request ->
                fill(
                        request,
                        new LogPage(request.after(), request.filter(), limit),
                        Math.max(0, request.after().offset()))
                    .chain(page -> state(request).map(state -> json(request, page, state))));
  }

  /** Writes the response itself; completes when the stream is over. */
  Uni<Void> stream(Kind kind, String executionId, RoutingContext context) {
    String after = context.request().getHeader("Last-Event-ID");
    String from = after == null ? context.request().getParam("last_event_id") : after;
    return request(kind, executionId, context, from)
        .chain(
            request ->
                Uni.createFrom()
                    .emitter(
                        emitter ->
                            new LogStream(
                                    executions,
                                    reader,
                                    live,
                                    topics.logs(),
                                    request,
                                    context.response(),
                                    () -> emitter.complete(null))
                                .start()));
  }

  private Uni<LogRequest> request(
      Kind kind, String executionId, RoutingContext context, String after) {
    UUID id =
        kind.parse(executionId).orElseThrow(() -> ApiException.notFound("Execution", executionId));
    UUID organization = caller.organizationId();
    String step = context.request().getParam("step");
    Instant since = since(context.request().getParam("since"));
    LineId from = after(after);
    return executions
        .find(organization, kind, id)
        .map(
            found -> {
              LoggedExecution execution =
                  found.orElseThrow(() -> ApiException.notFound("Execution", executionId));
              return new LogRequest(
                  organization, kind, execution, LineFilter.of(step(execution, step), since), from);
            });
  }

  private static Integer step(LoggedExecution execution, String name) {
    if (name == null) {
      return null;
    }
    return execution.steps().stream()
        .filter(step -> step.name().equals(name))
        .map(LoggedStep::index)
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "step",
                    "no step '"
                        + name
                        + "'; there is: "
                        + execution.steps().stream()
                            .map(LoggedStep::name)
                            .limit(50)
                            .collect(Collectors.joining(", "))));
  }

  private static Instant since(String text) {
    return text == null
        ? null
        : Times.parse(text)
            .orElseThrow(
                () -> ApiException.invalid("since", "must be a time like 2024-01-15T10:00:00Z"));
  }

  private static LineId after(String text) {
    return text == null
        ? LineId.NONE
        : LineId.parse(text)
            .orElseThrow(
                () -> ApiException.invalid("after", "must be the id of a line, like 1042.7"));
  }

  /**
   * @param from every batch before this offset was looked at, whether or not its lines are wanted
   */
  private Uni<LogPage> fill(LogRequest request, LogPage page, long from) {
    return reader
        .chunks(request.execution().id(), from, Long.MAX_VALUE, request.filter().step(), CHUNKS)
        .chain(
            chunks -> {
              boolean further = page.add(chunks) && chunks.size() == CHUNKS;
              return further
                  ? fill(request, page, chunks.get(CHUNKS - 1).lastOffset() + 1)
                  : Uni.createFrom().item(page);
            });
  }

  private Uni<LogReader.State> state(LogRequest request) {
    return reader.state(
        topics.logs(), request.execution().logPartition(), request.execution().id());
  }

  private static byte[] json(LogRequest request, LogPage page, LogReader.State state) {
    JsonBytes out = new JsonBytes();
    out.raw("{\"logs\":[").raw(page.lines().toArray()).raw("],\"has_more\":");
    out.raw(Boolean.toString(page.hasMore()));
    if (!page.last().equals(LineId.NONE)) {
      out.raw(",\"next\":").string(page.last().toString());
    }
    out.raw(",\"completeness\":{");
    Completeness.of(request.execution(), state.attempts(), request.filter().step()).appendTo(out);
    return out.raw("}}").toArray();
  }
}
