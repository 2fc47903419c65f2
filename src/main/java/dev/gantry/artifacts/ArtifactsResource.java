package dev.gantry.artifacts;

import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /workflows/executions/{id}/artifacts}: what its steps have kept. Event loop. */
@Path("/workflows/executions/{execution_id}/artifacts")
@Tag(name = "Workflows")
class ArtifactsResource {
  private final ArtifactReader reader;
  private final Caller caller;

  ArtifactsResource(ArtifactReader reader, Caller caller) {
    this.reader = reader;
    this.caller = caller;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<ListAnswer<ArtifactView>> list(
      @PathParam("execution_id") String executionId,
      @QueryParam("step") String step,
      @BeanParam Paging paging) {
    return reader.list(caller.organizationId(), executionId, step, paging);
  }

  @GET
  @Path("/content")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public Multi<byte[]> content(
      @PathParam("execution_id") String executionId,
      @QueryParam("step") String step,
      @QueryParam("path") String path) {
    return Contents.answer(reader, reader.get(caller.organizationId(), executionId, step, path));
  }
}
