package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * {@code /workflows/executions/{id}/events}: pages of events, or a stream that ends with the last.
 */
@Path("/workflows/executions/{execution_id}/events")
@Tag(name = "Workflows")
class WorkflowEventsResource {
  private final ExecutionEvents events;

  WorkflowEventsResource(ExecutionEvents events) {
    this.events = events;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<String> page(@PathParam("execution_id") String id, @Context RoutingContext context) {
    return events.page(Kind.WORKFLOW, id, context);
  }

  @GET
  @Produces("text/event-stream;qs=0.5")
  public Uni<Void> follow(@PathParam("execution_id") String id, @Context RoutingContext context) {
    return events.stream(Kind.WORKFLOW, id, context);
  }
}
