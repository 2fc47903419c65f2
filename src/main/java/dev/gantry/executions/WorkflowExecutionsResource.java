package dev.gantry.executions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.AcceptExecution.Accepted;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Actor;
import dev.gantry.http.Caller;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.http.Wait;
import dev.gantry.http.idempotency.OnRepeat;
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

/** {@code /workflows}: execute a workflow, read executions and run them again. Event loop. */
@Path("/workflows")
@Tag(name = "Workflows")
@Produces(MediaType.APPLICATION_JSON)
class WorkflowExecutionsResource {
  private static final String MERMAID = "text/vnd.mermaid";

  private final StartExecution start;
  private final ExecutionReader reader;
  private final LoadedExecutions loaded;
  private final RerunExecution reruns;
  private final TraceReader traces;
  private final Caller caller;

  WorkflowExecutionsResource(
      StartExecution start,
      ExecutionReader reader,
      LoadedExecutions loaded,
      RerunExecution reruns,
      TraceReader traces,
      Caller caller) {
    this.start = start;
    this.reader = reader;
    this.loaded = loaded;
    this.reruns = reruns;
    this.traces = traces;
    this.caller = caller;
  }

  @POST
  @Path("/execute")
  @OnRepeat(OnRepeat.Way.OWN)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ExecutionView.Workflow>> execute(
      ExecuteWorkflow body, @BeanParam Wait wait, @Context HttpHeaders headers) {
    IdempotencyKey key = IdempotencyKey.of(headers, "/workflows/execute", body);
    Actor actor = caller.actor();
    return start
        .accepted(actor, body, key)
        .chain(accepted -> answer(accepted, actor.organization(), wait.duration()));
  }

  /** What was just accepted is answered from memory; else it is read, and perhaps waited for. */
  private Uni<RestResponse<ExecutionView.Workflow>> answer(
      Accepted accepted, UUID organization, Duration wait) {
    if (wait.isZero() && accepted.execution() != null) {
      return Uni.createFrom().item(created(202, ExecutionView.Workflow.of(accepted.execution())));
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
        .location(URI.create("/workflows/executions/" + view.executionId()))
        .build();
  }

  @GET
  @Path("/executions")
  public Uni<ListAnswer<ExecutionView.Workflow>> list(
      @BeanParam Paging paging,
      @BeanParam ExecutionFilter filter,
      @QueryParam("parent") String parent,
      @QueryParam("workflow") String workflow) {
    return reader
        .list(
            caller.organizationId(),
            Kind.WORKFLOW,
            filter.named("workflow", workflow).below(Kind.WORKFLOW, parent),
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

  @GET
  @Path("/executions/{execution_id}/why")
  public Uni<Explanation> why(@PathParam("execution_id") String executionId) {
    return loaded.explain(caller.organizationId(), Kind.WORKFLOW, executionId);
  }

  @GET
  @Path("/executions/{execution_id}/graph")
  public Uni<ExecutionGraph> graph(@PathParam("execution_id") String executionId) {
    return loaded.get(caller.organizationId(), Kind.WORKFLOW, executionId).map(ExecutionGraph::of);
  }

  @GET
  @Path("/executions/{execution_id}/graph")
  @Produces(MERMAID + ";qs=0.5")
  public Uni<String> mermaid(@PathParam("execution_id") String executionId) {
    return loaded
        .get(caller.organizationId(), Kind.WORKFLOW, executionId)
        .map(ExecutionGraph::mermaid);
  }

  @GET
  @Path("/executions/{execution_id}/trace")
  public Uni<ExecutionTrace> trace(@PathParam("execution_id") String executionId) {
    return traces.get(caller.organizationId(), executionId).map(ExecutionTrace::of);
  }

  /** As spans of OpenTelemetry, for a collector. */
  @GET
  @Path("/executions/{execution_id}/trace/spans")
  public Uni<ObjectNode> spans(@PathParam("execution_id") String executionId) {
    return traces.get(caller.organizationId(), executionId).map(TraceSpans::of);
  }

  /** Answers the new execution, or with {@code dry_run} a {@link RerunPlan}. */
  @POST
  @Path("/executions/{execution_id}/rerun")
  @OnRepeat(OnRepeat.Way.OWN)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<? extends RestResponse<?>> rerun(
      @PathParam("execution_id") String executionId,
      RerunWorkflow given,
      @BeanParam Wait wait,
      @Context HttpHeaders headers) {
    RerunWorkflow body = given == null ? RerunWorkflow.PLAIN : given;
    Actor actor = caller.actor();
    Duration patience = wait.duration();
    if (Boolean.TRUE.equals(body.dryRun())) {
      return reruns.plan(actor, executionId, body).map(RestResponse::ok);
    }
    String path = "/workflows/executions/" + executionId + "/rerun";
    return reruns
        .rerun(actor, executionId, body, IdempotencyKey.of(headers, path, body))
        .chain(accepted -> answer(accepted, actor.organization(), patience));
  }
}
