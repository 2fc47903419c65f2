package dev.gantry.executions;

import dev.gantry.executions.AcceptExecution.Accepted;
import dev.gantry.executions.AcceptExecution.Request;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import dev.gantry.resources.ReferenceCheck;
import dev.gantry.sources.WorkflowSource;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.NamedDefinition;
import dev.gantry.tools.NamedDefinitions;
import dev.gantry.tools.ScriptDownloads;
import dev.gantry.workflows.NamedTools;
import dev.gantry.workflows.RemoteScripts;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.ToolParser;
import dev.gantry.workflows.WorkflowDefinition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts executions, whoever asks: finds what is to run, checks it, and accepts it. What is wrong
 * with the request fails with 400. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class StartExecution {
  private final AcceptExecution accept;
  private final ExecutionReader reader;
  private final WorkflowSource sources;
  private final NamedDefinitions definitions;
  private final ReferenceCheck references;
  private final ScriptDownloads downloads;

  StartExecution(
      AcceptExecution accept,
      ExecutionReader reader,
      WorkflowSource sources,
      NamedDefinitions definitions,
      ReferenceCheck references,
      ScriptDownloads downloads) {
    this.accept = accept;
    this.reader = reader;
    this.sources = sources;
    this.definitions = definitions;
    this.references = references;
    this.downloads = downloads;
  }

  /**
   * What a request has started, now or, with its idempotency key, before.
   *
   * @param status as the API shows it
   */
  public record Started(Kind kind, UUID id, String status) {
    public Instant createdAt() {
      return Ids.time(id);
    }
  }

  /**
   * Starts a workflow.
   *
   * @param key null = whatever was started before, this starts another
   */
  public Uni<Started> workflow(Actor actor, ExecuteWorkflow body, IdempotencyKey key) {
    return accepted(actor, body, key).chain(accepted -> started(actor, Kind.WORKFLOW, accepted));
  }

  /** Starts a tool; as {@link #workflow}. */
  public Uni<Started> tool(Actor actor, ExecuteTool body, IdempotencyKey key) {
    return accepted(actor, body, key).chain(accepted -> started(actor, Kind.TOOL, accepted));
  }

  /** What a request would run, found and checked. */
  public static final class Ready {
    private final Request request;

    private Ready(Request request) {
      this.request = request;
    }

    /** The name of the workflow. */
    public String workflow() {
      return request.definition().name();
    }

    /** See {@link WorkflowDefinition.Concurrency}. */
    public boolean skipsIfSuccessful() {
      return request.definition().concurrency().skipIfSuccessful();
    }
  }

  /** Does all that comes before an acceptance; fails as {@link #workflow} does. */
  public Uni<Ready> check(UUID organization, ExecuteWorkflow body) {
    requireBody(body);
    Requests.checkTurn(body.queue(), body.priority());
    return request(organization, body)
        .call(request -> accept.check(request, organization))
        .map(Ready::new);
  }

  /**
   * Starts what was checked, if the gate opens for it; answers whether it did.
   *
   * @param queue that it passes before it begins, besides those that the request is for; null =
   *     none
   */
  public Uni<Boolean> start(Ready ready, Actor actor, String queue, Gate gate) {
    Request request = queue == null ? ready.request : ready.request.through(queue);
    return accept.accept(request, actor, gate).map(Objects::nonNull);
  }

  /**
   * A workflow of a source, to be run by a step.
   *
   * @param source of the workflow that runs it, or null
   */
  Uni<Request> run(UUID organization, String workflow, String source, Map<String, String> params) {
    return ofOwnSource(organization, DefinitionKind.WORKFLOW, "run", workflow, source)
        .chain(
            found -> {
              String in = found.source().toString();
              ExecuteWorkflow body = ExecuteWorkflow.ofSource(workflow, in);
              for (Map.Entry<String, String> param : params.entrySet()) {
                body = body.with(param.getKey(), param.getValue());
              }
              return withTools(organization, Requests.stored(body, found));
            });
  }

  /** A tool as a caller asks for it, found and checked. */
  Uni<Request> checked(UUID organization, ExecuteTool body) {
    requireBody(body);
    Requests.checkTurn(body.queue(), body.priority());
    Fields fields = new Fields();
    return references
        .exist(organization, "integration", "integrations", body.integrations(), fields)
        .invoke(fields::check)
        .chain(() -> request(organization, body));
  }

  private Uni<Started> started(Actor actor, Kind kind, Accepted accepted) {
    return accepted.execution() != null
        ? Uni.createFrom()
            .item(new Started(kind, accepted.id(), accepted.execution().status().text()))
        : reader
            .get(actor.organization(), kind, accepted.id())
            .map(found -> new Started(kind, accepted.id(), found.execution().status));
  }

  Uni<Accepted> accepted(Actor actor, ExecuteWorkflow body, IdempotencyKey key) {
    requireBody(body);
    Requests.checkTurn(body.queue(), body.priority());
    return request(actor.organization(), body).chain(request -> accept.accept(request, actor, key));
  }

  Uni<Accepted> accepted(Actor actor, ExecuteTool body, IdempotencyKey key) {
    return checked(actor.organization(), body).chain(request -> accept.accept(request, actor, key));
  }

  private static void requireBody(Object body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
  }

  private Uni<Request> request(UUID organization, ExecuteWorkflow body) {
    return named(organization, body).chain(request -> withTools(organization, request));
  }

  /** With the tools that steps name; of the own source, before any other. */
  private Uni<Request> withTools(UUID organization, Request request) {
    Set<String> names = NamedTools.in(request.definition());
    if (names.isEmpty()) {
      return withScripts(request);
    }
    Map<String, ToolDefinition> tools = new ConcurrentHashMap<>();
    return Multi.createFrom()
        .iterable(names)
        .onItem()
        .transformToUniAndConcatenate(
            name ->
                ofOwnSource(organization, DefinitionKind.TOOL, "tool_name", name, request.source())
                    .invoke(found -> tools.put(name, ToolParser.parse(found.definition()))))
        .collect()
        .asList()
        .map(
            all ->
                Requests.valid(
                    "The workflow definition",
                    () -> request.running(NamedTools.bind(request.definition(), tools))))
        .chain(this::withScripts);
  }

  /** With the scripts that tools have elsewhere: what they are now is what is run. */
  private Uni<Request> withScripts(Request request) {
    Set<String> urls = RemoteScripts.in(request.definition());
    if (urls.isEmpty()) {
      return Uni.createFrom().item(request);
    }
    Map<String, String> scripts = new ConcurrentHashMap<>();
    return Multi.createFrom()
        .iterable(urls)
        .onItem()
        .transformToUniAndConcatenate(
            url -> downloads.script(url).invoke(script -> scripts.put(url, script)))
        .collect()
        .asList()
        .map(all -> request.running(RemoteScripts.bind(request.definition(), scripts)));
  }

  /**
   * @param source of the workflow that names it, or null
   */
  private Uni<NamedDefinition> ofOwnSource(
      UUID organization, DefinitionKind kind, String field, String name, String source) {
    Uni<NamedDefinition> anywhere = definitions.named(organization, kind, field, name, null);
    return Ids.parse("", source).isEmpty()
        ? anywhere
        : definitions
            .named(organization, kind, field, name, source)
            .onFailure(ApiException.class)
            .recoverWithUni(anywhere);
  }

  private Uni<Request> named(UUID organization, ExecuteWorkflow body) {
    return switch (Requests.sourceType(body)) {
      case "inline" -> Uni.createFrom().item(Requests.inline(body));
      case "stored" ->
          definitions
              .named(
                  organization, DefinitionKind.WORKFLOW, "workflow", body.workflow(), body.source())
              .map(found -> Requests.stored(body, found));
      case "git", "github" -> sources.fetch(body.source()).map(f -> Requests.fetched(body, f));
      default ->
          throw ApiException.invalid(
              "type", "'" + body.type() + "' is not known; there is: inline, git, github");
    };
  }

  private Uni<Request> request(UUID organization, ExecuteTool body) {
    return ToolRequests.isByName(body)
        ? definitions
            .named(organization, DefinitionKind.TOOL, "name", body.name(), body.source())
            .map(found -> ToolRequests.stored(body, found))
            .chain(this::withScripts)
        : Uni.createFrom().item(ToolRequests.adHoc(body));
  }
}
