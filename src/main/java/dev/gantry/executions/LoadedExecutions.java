package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Executions as the engine sees them, for the questions that a row does not answer. Event loop,
 * never blocks.
 */
@ApplicationScoped
class LoadedExecutions {
  private final ExecutionStore store;
  private final RunnerNews runners;
  private final QueueUse queues;
  private final TurnNews turns;

  LoadedExecutions(ExecutionStore store, RunnerNews runners, QueueUse queues, TurnNews turns) {
    this.store = store;
    this.runners = runners;
    this.queues = queues;
    this.turns = turns;
  }

  /** Fails with 404 when the organization has no such execution. */
  Uni<Execution> get(UUID organization, Kind kind, String executionId) {
    UUID id = ExecutionReader.parse(kind, executionId);
    return store
        .load(List.of(id))
        .map(
            found ->
                found.stream()
                    .filter(each -> each.accepted().organizationId().equals(organization))
                    .filter(each -> each.accepted().kind() == kind)
                    .findFirst()
                    .orElseThrow(() -> ApiException.notFound("Execution", executionId)));
  }

  Uni<Explanation> explain(UUID organization, Kind kind, String executionId) {
    return get(organization, kind, executionId)
        .chain(
            execution ->
                news(execution)
                    .map(news -> Explanation.of(execution, news.orElse(null)))
                    .chain(explanation -> withTurn(execution, explanation)));
  }

  /** Of a turn's one step, the room that does it knows more. */
  private Uni<Explanation> withTurn(Execution execution, Explanation explanation) {
    return execution.accepted().kind() == Kind.CHAT
            && execution.delegated().hasNext()
            && execution.stop() == null
        ? turns
            .of(execution.accepted().id())
            .map(news -> news.map(explanation::with).orElse(explanation))
        : Uni.createFrom().item(explanation);
  }

  private Uni<Optional<String>> news(Execution execution) {
    Acceptance accepted = execution.accepted();
    UUID organization = accepted.organizationId();
    if (execution.isQueued()) {
      return queues
          .counts(organization, accepted.limits().queues())
          .map(counts -> Optional.of(Explanation.queues(accepted.limits(), counts)));
    }
    return Explanation.needsRunner(execution)
        ? runners.of(organization, accepted.runner()).map(Optional::of)
        : Uni.createFrom().item(Optional.empty());
  }
}
