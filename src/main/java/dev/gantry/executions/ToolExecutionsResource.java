package dev.gantry.executions;

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

/** {@code /tools}: execute a tool, read and cancel its execution. Event loop. */
@Path("/tools")
@Tag(name = "Tools")
@Produces(MediaType.APPLICATION_JSON)
class ToolExecutionsResource {
  private final StartExecution start;
  private final ExecutionReader reader;
  private final SteerExecution steer;
  private final LoadedExecutions loaded;
  private final Caller caller;

  ToolExecutionsResource(
      StartExecution start,
      ExecutionReader reader,
      SteerExecution steer,
      LoadedExecutions loaded,
      Caller caller) {
    this.start = start;
    this.reader = reader;
    this.steer = steer;
    this.loaded = loaded;
    this.caller = caller;
  }

  @POST
  @Path("/execute")
  @OnRepeat(OnRepeat.Way.OWN)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ExecutionView.Tool>> execute(
      ExecuteTool body, @BeanParam Wait wait, @Context HttpHeaders headers) {
    IdempotencyKey key = IdempotencyKey.of(headers, "/tools/execute", body);
    Actor actor = caller.actor();
    return start
        .accepted(actor, body, key)
        .chain(accepted -> answer(accepted, actor.organization(), wait.duration()));
  }

  /** What was just accepted is answered from memory; else it is read, and perhaps waited for. */
  private Uni<RestResponse<ExecutionView.Tool>> answer(
      Accepted accepted, UUID organization, Duration wait) {
    if (wait.isZero() && accepted.execution() != null) {
      return Uni.createFrom().item(created(202, ExecutionView.Tool.of(accepted.execution())));
    }
    return reader
        .get(organization, Kind.TOOL, accepted.id(), wait)
        .map(found -> created(found.execution().terminal() ? 200 : 202, view(found)));
  }

  private static RestResponse<ExecutionView.Tool> created(int status, ExecutionView.Tool view) {
    return ResponseBuilder.ok(view)
        .status(status)
        .location(URI.create("/tools/executions/" + view.executionId()))
        .build();
  }

  private static ExecutionView.Tool view(ExecutionReader.Found found) {
    return ExecutionView.Tool.of(found.execution(), found.steps().get(0));
  }

  @GET
  @Path("/executions")
  public Uni<ListAnswer<ExecutionView.Tool>> list(
      @BeanParam Paging paging,
      @BeanParam ExecutionFilter filter,
      @QueryParam("tool") String tool,
      @QueryParam("parent") String parent) {
    return reader
        .list(
            caller.organizationId(),
            Kind.TOOL,
            filter.named("tool", tool).below(Kind.CHAT, parent),
            paging.offset(),
            paging.limit())
        .map(
            listed ->
                new ListAnswer<>(
                    "executions",
                    listed.executions().stream().map(ExecutionView.Tool::listed).toList(),
                    listed.total(),
                    paging));
  }

  @GET
  @Path("/executions/{execution_id}")
  public Uni<ExecutionView.Tool> get(
      @PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    UUID id = ExecutionReader.parse(Kind.TOOL, executionId);
    return reader
        .get(caller.organizationId(), Kind.TOOL, id, wait.duration())
        .map(ToolExecutionsResource::view);
  }

  @GET
  @Path("/executions/{execution_id}/why")
  public Uni<Explanation> why(@PathParam("execution_id") String executionId) {
    return loaded.explain(caller.organizationId(), Kind.TOOL, executionId);
  }

  @POST
  @Path("/executions/{execution_id}/cancel")
  public Uni<RestResponse<ExecutionView.Tool>> cancel(
      @PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    return steer
        .cancel(caller.actor(), Kind.TOOL, executionId, wait.duration())
        .map(found -> RestResponse.status(RestResponse.Status.ACCEPTED, view(found)));
  }
}
