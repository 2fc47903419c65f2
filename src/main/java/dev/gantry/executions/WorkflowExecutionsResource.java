package dev.gantry.executions;

import dev.gantry.executions.AcceptExecution.Accepted;
import dev.gantry.executions.AcceptExecution.Request;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.http.Wait;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.sources.WorkflowSource;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.NamedDefinitions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** {@code /workflows}: execute a workflow, read and cancel executions. Event loop. */
@Path("/workflows")
@Tag(name = "Workflows")
@Produces(MediaType.APPLICATION_JSON)
class WorkflowExecutionsResource {
  private final AcceptExecution accept;
  private final ExecutionReader reader;
  private final CancelExecution cancel;
  private final WorkflowSource sources;
  private final NamedDefinitions definitions;
  private final Caller caller;

  WorkflowExecutionsResource(
      AcceptExecution accept,
      ExecutionReader reader,
      CancelExecution cancel,
      WorkflowSource sources,
      NamedDefinitions definitions,
      Caller caller) {
    this.accept = accept;
    this.reader = reader;
    this.cancel = cancel;
    this.sources = sources;
    this.definitions = definitions;
    this.caller = caller;
  }

  @POST
  @Path("/execute")
  @OnRepeat(OnRepeat.Way.OWN)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ExecutionView.Workflow>> execute(
      ExecuteWorkflow body, @BeanParam Wait wait, @Context HttpHeaders headers) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    IdempotencyKey key = IdempotencyKey.of(headers, "/workflows/execute", body);
    UUID organization = caller.organizationId();
    return request(body)
        .chain(request -> accept.accept(request, caller, key))
        .chain(accepted -> answer(accepted, organization, wait.duration()));
  }

  private Uni<Request> request(ExecuteWorkflow body) {
    return switch (Requests.sourceType(body)) {
      case "inline" -> Uni.createFrom().item(Requests.inline(body));
      case "stored" ->
          definitions
              .named(
                  caller.organizationId(),
                  DefinitionKind.WORKFLOW,
                  "workflow",
                  body.workflow(),
                  body.source())
              .map(found -> Requests.stored(body, found));
      case "git", "github" -> sources.fetch(body.source()).map(f -> Requests.fetched(body, f));
      default ->
          throw ApiException.invalid(
              "type", "'" + body.type() + "' is not known; there is: inline, git, github");
    };
  }

  /** What was just accepted is answered from memory; else it is read, and perhaps waited for. */
  private Uni<RestResponse<ExecutionView.Workflow>> answer(
      Accepted accepted, UUID organization, Duration wait) {
    if (wait.isZero() && accepted.acceptance() != null) {
      return Uni.createFrom().item(created(202, ExecutionView.Workflow.of(accepted.acceptance())));
    }
    return reader
        .get(organization, Kind.WORKFLOW, accepted.id(), wait)
        .map(
            found ->
                created(
                    found.execution().terminal() ? 200 : 202,
                    ExecutionView.Workflow.of(found.execution(), found.steps())));
  }

  private static RestResponse<ExecutionView.Workflow> created(
      int status, ExecutionView.Workflow view) {
    return ResponseBuilder.ok(view)
        .status(status)
        .location(URI.create("/api/v1/workflows/executions/" + view.executionId()))
        .build();
  }

  @GET
  @Path("/executions")
  public Uni<ListAnswer<ExecutionView.Workflow>> list(
      @BeanParam Paging paging,
      @BeanParam ExecutionFilter filter,
      @QueryParam("workflow") String workflow) {
    return reader
        .list(
            caller.organizationId(),
            Kind.WORKFLOW,
            filter.named("workflow", workflow),
            paging.offset(),
            paging.limit())
        .map(
            listed ->
                new ListAnswer<>(
                    "executions",
                    listed.executions().stream()
                        .map(row -> ExecutionView.Workflow.of(row, null))
                        .toList(),
                    listed.total(),
                    paging));
  }

  @GET
  @Path("/executions/{execution_id}")
  public Uni<ExecutionView.Workflow> get(
      @PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    UUID id = ExecutionReader.parse(Kind.WORKFLOW, executionId);
    return reader
        .get(caller.organizationId(), Kind.WORKFLOW, id, wait.duration())
        .map(found -> ExecutionView.Workflow.of(found.execution(), found.steps()));
  }

  @POST
  @Path("/executions/{execution_id}/cancel")
  public Uni<RestResponse<ExecutionView.Workflow>> cancel(
      @PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    return cancel
        .cancel(caller, Kind.WORKFLOW, executionId, wait.duration())
        .map(
            found ->
                RestResponse.status(
                    RestResponse.Status.ACCEPTED,
                    ExecutionView.Workflow.of(found.execution(), found.steps())));
  }
}
