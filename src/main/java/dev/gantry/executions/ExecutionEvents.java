package dev.gantry.executions;

import dev.gantry.events.EventAnswers;
import dev.gantry.events.EventFilter;
import dev.gantry.events.EventStream;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Answers requests for the events of an execution, for both front doors. Event loop. */
@ApplicationScoped
class ExecutionEvents {
  private final LoggedExecutions executions;
  private final EventAnswers answers;
  private final Caller caller;

  ExecutionEvents(LoggedExecutions executions, EventAnswers answers, Caller caller) {
    this.executions = executions;
    this.answers = answers;
    this.caller = caller;
  }

  Uni<String> page(Kind kind, String executionId, RoutingContext context) {
    return find(kind, executionId).chain(id -> answers.page(filter(kind, id), 0, context));
  }

  /** All of them, from the first on, and the end. */
  Uni<Void> stream(Kind kind, String executionId, RoutingContext context) {
    return find(kind, executionId)
        .chain(
            id ->
                answers.stream(
                    filter(kind, id),
                    0L,
                    new EventStream.End(Narration.lastEvents(kind), executions.whenTerminal(id)),
                    context));
  }

  private EventFilter filter(Kind kind, UUID id) {
    return EventFilter.ofSubject(caller.organizationId(), kind.prefix() + id);
  }

  private Uni<UUID> find(Kind kind, String executionId) {
    UUID id =
        kind.parse(executionId).orElseThrow(() -> ApiException.notFound("Execution", executionId));
    return executions
        .find(caller.organizationId(), kind, id)
        .map(
            found -> found.orElseThrow(() -> ApiException.notFound("Execution", executionId)).id());
  }
}
