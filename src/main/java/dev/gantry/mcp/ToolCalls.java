package dev.gantry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.CalledExecutions;
import dev.gantry.executions.CalledExecutions.Called;
import dev.gantry.executions.CalledExecutions.Outcome;
import dev.gantry.executions.ExecuteTool;
import dev.gantry.executions.ExecuteWorkflow;
import dev.gantry.executions.StartExecution;
import dev.gantry.executions.StartExecution.Started;
import dev.gantry.http.Actor;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.platform.Sha256;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.OfferedDefinitions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Starts what a client calls, as the caller's own request would, and ends it again. A call is
 * accepted under its session and the id of its request: one that is sent again starts nothing, and
 * who takes it back finds it on any replica. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
class ToolCalls {
  /** Longer than anything may run. */
  private static final Duration LONGEST = Duration.ofDays(8);

  private final StartExecution start;
  private final CalledExecutions executions;
  private final OfferedDefinitions definitions;

  ToolCalls(StartExecution start, CalledExecutions executions, OfferedDefinitions definitions) {
    this.start = start;
    this.executions = executions;
    this.definitions = definitions;
  }

  /**
   * Fails with 400 for what is wrong with the arguments, and when there is no such tool.
   *
   * @param session null = the client has none, and each request is another
   * @param id of the request
   */
  Uni<Started> start(Actor actor, ToolName tool, JsonNode arguments, String session, JsonNode id) {
    IdempotencyKey key =
        session == null
            ? null
            : new IdempotencyKey(
                key(session, id),
                Sha256.of((tool + "\n" + arguments).getBytes(StandardCharsets.UTF_8)));
    if (tool.id() == null) {
      return start(actor, tool.kind(), tool.name(), null, arguments, key);
    }
    return definitions
        .byId(actor.organization(), tool.kind(), tool.id())
        .chain(
            found ->
                start(actor, tool.kind(), found.name(), found.source().toString(), arguments, key));
  }

  private Uni<Started> start(
      Actor actor,
      DefinitionKind kind,
      String name,
      String source,
      JsonNode arguments,
      IdempotencyKey key) {
    Map<String, JsonNode> given = new LinkedHashMap<>();
    arguments.properties().forEach(field -> given.put(field.getKey(), field.getValue()));
    return kind == DefinitionKind.TOOL
        ? start.tool(actor, tool(name, source, given), key)
        : start.workflow(actor, workflow(name, source, given), key);
  }

  private static ExecuteTool tool(String name, String source, Map<String, JsonNode> args) {
    return new ExecuteTool(
        name, null, null, null, source, args, null, null, null, null, null, null, null);
  }

  private static ExecuteWorkflow workflow(
      String name, String source, Map<String, JsonNode> variables) {
    return new ExecuteWorkflow(
        name, source, null, null, variables, null, null, null, null, null, null);
  }

  /** Once it has ended; who cancels stops waiting, and the execution goes on. */
  Uni<Outcome> ended(UUID organization, Started started) {
    return executions.outcome(organization, started.kind(), started.id(), LONGEST);
  }

  /** A client takes a request back; one that nothing has come of yet is none. */
  Uni<Void> cancel(Actor actor, String session, JsonNode id) {
    IdempotencyKey key = new IdempotencyKey(key(session, id), new byte[0]);
    return executions
        .startedWith(actor.organization(), key)
        .chain(found -> found.isEmpty() ? Uni.createFrom().voidItem() : cancel(actor, found.get()));
  }

  private Uni<Void> cancel(Actor actor, Called called) {
    return executions.cancel(actor, called);
  }

  /** {@code 1} and {@code "1"} are two ids. */
  private static String key(String session, JsonNode id) {
    byte[] both = (session + "\n" + id).getBytes(StandardCharsets.UTF_8);
    return "mcp-" + HexFormat.of().formatHex(Sha256.of(both));
  }
}
