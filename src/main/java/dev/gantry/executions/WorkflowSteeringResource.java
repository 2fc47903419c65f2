package dev.gantry.executions;

import dev.gantry.executions.ExecutionReader.Found;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Caller;
import dev.gantry.http.Wait;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /workflows/executions}: cancel, pause, resume, approve and reject. Event loop. */
@Path("/workflows")
@Tag(name = "Workflows")
@Produces(MediaType.APPLICATION_JSON)
class WorkflowSteeringResource {
  private final SteerExecution steer;
  private final Caller caller;

  WorkflowSteeringResource(SteerExecution steer, Caller caller) {
    this.steer = steer;
    this.caller = caller;
  }

  @POST
  @Path("/executions/{execution_id}/cancel")
  public Uni<RestResponse<ExecutionView.Workflow>> cancel(
      @PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    return accepted(steer.cancel(caller.actor(), Kind.WORKFLOW, executionId, wait.duration()));
  }

  @POST
  @Path("/executions/{execution_id}/pause")
  public Uni<RestResponse<ExecutionView.Workflow>> pause(
      @PathParam("execution_id") String executionId) {
    return accepted(steer.pause(caller.actor(), executionId));
  }

  @POST
  @Path("/executions/{execution_id}/resume")
  public Uni<RestResponse<ExecutionView.Workflow>> resume(
      @PathParam("execution_id") String executionId) {
    return accepted(steer.resume(caller.actor(), executionId));
  }

  @POST
  @Path("/executions/{execution_id}/steps/{step}/approve")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ExecutionView.Workflow>> approve(
      @PathParam("execution_id") String executionId,
      @PathParam("step") String step,
      Decision decision) {
    return accepted(decide(executionId, step, true, decision));
  }

  @POST
  @Path("/executions/{execution_id}/steps/{step}/reject")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ExecutionView.Workflow>> reject(
      @PathParam("execution_id") String executionId,
      @PathParam("step") String step,
      Decision decision) {
    return accepted(decide(executionId, step, false, decision));
  }

  @POST
  @Path("/executions/{execution_id}/steps/{step}/retry")
  public Uni<RestResponse<ExecutionView.Workflow>> retry(
      @PathParam("execution_id") String executionId, @PathParam("step") String step) {
    return accepted(steer.retry(caller.actor(), executionId, step));
  }

  private Uni<Found> decide(String executionId, String step, boolean approved, Decision decision) {
    Decision said = decision == null ? Decision.PLAIN : decision;
    return steer.decide(caller.actor(), executionId, step, approved, said);
  }

  private static Uni<RestResponse<ExecutionView.Workflow>> accepted(Uni<Found> asked) {
    return asked.map(
        found ->
            RestResponse.status(
                RestResponse.Status.ACCEPTED,
                ExecutionView.Workflow.of(found.execution(), found.steps())));
  }
}
