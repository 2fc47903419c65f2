package dev.gantry.runners;

import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.resources.Fields;
import dev.gantry.resources.Message;
import dev.gantry.resources.ResourceAnswers;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code /runners}: list, read, register, change and remove runners. Only a registration and a new
 * token ever show a token. Event loop.
 */
@Path("/runners")
@Tag(name = "Runners")
@Produces(MediaType.APPLICATION_JSON)
class RunnersResource {
  private static final List<String> BOOLEANS = List.of("true", "false");

  private final RunnerReader reader;
  private final RunnerRegistry registry;
  private final Caller caller;

  RunnersResource(RunnerReader reader, RunnerRegistry registry, Caller caller) {
    this.reader = reader;
    this.registry = registry;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<RunnerView>> list(
      @BeanParam Paging paging, @QueryParam("healthy") String healthy) {
    new Fields().oneOf("healthy", healthy, BOOLEANS).check();
    return reader
        .list(caller.organizationId(), healthy == null ? null : Boolean.valueOf(healthy), paging)
        .map(page -> new ListAnswer<>("runners", page.runners(), page.total(), paging));
  }

  @POST
  @OnRepeat(OnRepeat.Way.REFUSE)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<RunnerView>> register(RunnerRequest body) {
    RunnerRequest.checkNew(body);
    return registry
        .register(caller.actor(), body)
        .chain(
            made ->
                reader
                    .get(caller.organizationId(), made.runner().name)
                    .map(found -> found.view().withToken(made.token()))
                    .map(view -> ResourceAnswers.created("/runners", made.runner(), view)));
  }

  @GET
  @Path("/{name}")
  public Uni<RestResponse<RunnerView>> get(@PathParam("name") String name) {
    return reader.get(caller.organizationId(), name).map(RunnersResource::shown);
  }

  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<RunnerView>> update(
      @PathParam("name") String name,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      RunnerRequest body) {
    RunnerRequest.required(body);
    return own(name)
        .chain(() -> registry.update(caller.actor(), name, ifMatch, body))
        .chain(() -> get(name));
  }

  @DELETE
  @Path("/{name}")
  public Uni<Message> delete(
      @PathParam("name") String name, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return own(name)
        .chain(() -> registry.delete(caller.actor(), name, ifMatch))
        .map(Message::deleted);
  }

  /** The answer is the only one that ever shows the token; those before it open nothing more. */
  @POST
  @OnRepeat(OnRepeat.Way.REFUSE)
  @Path("/{name}/token")
  public Uni<RunnerToken> newToken(@PathParam("name") String name) {
    return own(name)
        .chain(() -> registry.newToken(caller.actor(), name))
        .map(token -> new RunnerToken(name, token));
  }

  /** Fails with 404, or with 403 when there is one that is shared. */
  private Uni<Void> own(String name) {
    return reader
        .get(caller.organizationId(), name)
        .invoke(RunnerRegistry::requireOwn)
        .replaceWithVoid();
  }

  private static RestResponse<RunnerView> shown(RunnerReader.Found found) {
    return found.version() == null
        ? RestResponse.ok(found.view())
        : ResourceAnswers.ok(found.version(), found.view());
  }
}
