package dev.gantry.logs;

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
 * {@code /tools/executions/{id}/logs}: pages of lines, or a stream that ends with the execution.
 */
@Path("/tools/executions/{execution_id}/logs")
@Tag(name = "Tools")
class ToolLogsResource {
  private final LogAnswers answers;

  ToolLogsResource(LogAnswers answers) {
    this.answers = answers;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<byte[]> page(@PathParam("execution_id") String id, @Context RoutingContext context) {
    return answers.page(Kind.TOOL, id, context);
  }

  @GET
  @Produces("text/event-stream;qs=0.5")
  public Uni<Void> follow(@PathParam("execution_id") String id, @Context RoutingContext context) {
    return answers.stream(Kind.TOOL, id, context);
  }

  @GET
  @Path("/stream")
  @Produces("text/event-stream")
  public Uni<Void> stream(@PathParam("execution_id") String id, @Context RoutingContext context) {
    return answers.stream(Kind.TOOL, id, context);
  }
}
