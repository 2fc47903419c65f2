package dev.gantry.replays;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** {@code /events/replay}: events are told once more. Event loop. */
@Path("/events/replay")
@Tag(name = "Events")
@Produces(MediaType.APPLICATION_JSON)
class ReplaysResource {
  private final Replayer replayer;
  private final Caller caller;

  ReplaysResource(Replayer replayer, Caller caller) {
    this.replayer = replayer;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ReplayView>> start(ReplayRequest body) {
    return replayer
        .start(caller.actor(), ReplayRequest.read(body))
        .map(
            replay ->
                ResponseBuilder.<ReplayView>create(RestResponse.Status.ACCEPTED)
                    .location(URI.create("/api/v1/events/replay/" + replay.replayId()))
                    .entity(replay)
                    .build());
  }

  @GET
  @Path("/{replay_id}")
  public Uni<ReplayView> get(@PathParam("replay_id") String text) {
    UUID id = Ids.parse("", text).orElseThrow(() -> ApiException.notFound("Replay", text));
    return replayer
        .find(caller.organizationId(), id)
        .map(found -> found.orElseThrow(() -> ApiException.notFound("Replay", text)));
  }
}
