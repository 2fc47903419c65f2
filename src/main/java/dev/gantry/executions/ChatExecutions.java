package dev.gantry.executions;

import dev.gantry.executions.AcceptExecution.Request;
import dev.gantry.executions.ExecutionReader.Filter;
import dev.gantry.executions.ExecutionReader.Found;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StartExecution.Started;
import dev.gantry.http.Actor;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns of conversations as executions, for the room that answers requests for them. Each within
 * the caller's organization; event loop, on the caller's context, never blocks.
 */
@ApplicationScoped
public class ChatExecutions {
  private final AcceptExecution accept;
  private final ExecutionReader reader;
  private final LoadedExecutions loaded;
  private final SteerExecution steer;
  private final ExecutionEvents events;

  ChatExecutions(
      AcceptExecution accept,
      ExecutionReader reader,
      LoadedExecutions loaded,
      SteerExecution steer,
      ExecutionEvents events) {
    this.accept = accept;
    this.reader = reader;
    this.loaded = loaded;
    this.steer = steer;
    this.events = events;
  }

  /**
   * A turn's execution.
   *
   * @param agent the name of the agent, or of the step that has none
   * @param response what was answered in the end; null when nothing was, and in lists
   * @param error why it did not complete, or null
   */
  public record Turn(
      UUID id,
      String agent,
      String status,
      boolean terminal,
      Instant createdAt,
      Instant completedAt,
      String runner,
      String response,
      String error) {
    /** The id as the API shows it. */
    public String publicId() {
      return Kind.CHAT.prefix() + id;
    }

    static Turn of(ExecutionRow row, String response) {
      return new Turn(
          row.id,
          row.name,
          row.status,
          row.terminal(),
          row.createdAt,
          row.completedAt,
          row.runner,
          response,
          row.error);
    }

    private static Turn of(Found found) {
      return of(found.execution(), found.steps().get(0).output);
    }
  }

  /** One page of turns, newest first. */
  public record Page(List<Turn> turns, long total) {}

  /** An execution of an agent's step. */
  static Request request(String name, Action.Agent action, String runner, Duration timeout) {
    WorkflowDefinition.Step step =
        new WorkflowDefinition.Step(
            "turn",
            "",
            List.of(),
            action,
            Map.of(),
            null,
            Duration.ZERO,
            null,
            RetryPolicy.NONE,
            ContinueOn.NEVER,
            null,
            List.of(),
            null,
            null);
    WorkflowDefinition definition = WorkflowDefinition.ofOneStep(name, step);
    return new Request(
        Kind.CHAT,
        definition,
        Map.of(),
        null,
        "inline",
        null,
        runner,
        timeout,
        false,
        List.of(),
        0,
        null);
  }

  /** What an idempotency key has started before; empty when it has started nothing. */
  public Uni<Optional<UUID>> before(UUID organization, IdempotencyKey key) {
    return key == null ? Uni.createFrom().item(Optional.empty()) : accept.before(organization, key);
  }

  /**
   * Starts a turn, in one transaction with what the gate writes.
   *
   * @param name of the agent
   * @param runner where its tools run; null = {@code default}
   * @param key null = whatever was started before, this starts another
   */
  public Uni<Started> start(
      Actor actor, String name, Action.Agent action, String runner, IdempotencyKey key, Gate gate) {
    return accept
        .accept(request(name, action, runner, Duration.ZERO), actor, key, gate)
        .map(
            accepted ->
                new Started(
                    Kind.CHAT,
                    accepted.id(),
                    accepted.execution() == null
                        ? ExecutionStatus.RUNNING.text()
                        : accepted.execution().status().text()));
  }

  /** Reads a path's id; fails with 404 for what cannot be one. */
  public static UUID parse(String executionId) {
    return ExecutionReader.parse(Kind.CHAT, executionId);
  }

  /** The turn, as soon as it has ended, or as it is after {@code wait}; 404 when there is none. */
  public Uni<Turn> get(UUID organization, UUID id, Duration wait) {
    return reader.get(organization, Kind.CHAT, id, wait).map(Turn::of);
  }

  /** Completes when the turn has ended. */
  public Uni<Void> whenTerminal(UUID id) {
    return reader.whenTerminal(id);
  }

  /**
   * @param agent the name of the agent; null = any
   */
  public Uni<Page> list(
      UUID organization, ExecutionFilter filter, String agent, int offset, int limit) {
    Filter wanted = filter.named("agent", agent);
    return reader
        .list(organization, Kind.CHAT, wanted, offset, limit)
        .map(
            listed ->
                new Page(
                    listed.executions().stream().map(row -> Turn.of(row, null)).toList(),
                    listed.total()));
  }

  public Uni<Explanation> explain(UUID organization, String executionId) {
    return loaded.explain(organization, Kind.CHAT, executionId);
  }

  /** Answers the turn as it is after {@code wait} at the latest; 409 when it has ended. */
  public Uni<Turn> cancel(Actor actor, String executionId, Duration wait) {
    return steer.cancel(actor, Kind.CHAT, executionId, wait).map(Turn::of);
  }

  public Uni<String> events(String executionId, RoutingContext context) {
    return events.page(Kind.CHAT, executionId, context);
  }

  public Uni<Void> followEvents(String executionId, RoutingContext context) {
    return events.stream(Kind.CHAT, executionId, context);
  }
}
