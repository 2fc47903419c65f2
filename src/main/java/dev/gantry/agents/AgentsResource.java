package dev.gantry.agents;

import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Identity;
import dev.gantry.resources.Message;
import dev.gantry.resources.ResourceAnswers;
import dev.gantry.resources.ResourceQuery;
import dev.gantry.resources.ResourceStore;
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
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /agents}: list, read, create, change and delete agents. Event loop. */
@Path("/agents")
@Tag(name = "Agents")
@Produces(MediaType.APPLICATION_JSON)
class AgentsResource {
  private final ResourceStore store;
  private final AgentChecks checks;
  private final Caller caller;

  AgentsResource(ResourceStore store, AgentChecks checks, Caller caller) {
    this.store = store;
    this.checks = checks;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<AgentView>> list(
      @BeanParam Paging paging,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort,
      @QueryParam("active") String active) {
    ResourceQuery query =
        new ResourceQuery(caller.organizationId())
            .filter(filter)
            .equal("status", status(active))
            .sorted(sort);
    return store
        .list(Agent.class, query, paging)
        .map(page -> page.answer("agents", AgentView::listed, paging));
  }

  private static String status(String active) {
    if (active == null) {
      return null;
    }
    return switch (active) {
      case "true" -> Agent.ACTIVE;
      case "false" -> Agent.INACTIVE;
      default -> throw ApiException.invalid("active", "must be true or false");
    };
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<AgentView.Created>> create(AgentRequest body) {
    Actor actor = caller.actor();
    return checks
        .checkNew(actor.organization(), body)
        .chain(
            () -> {
              Agent agent = new Agent();
              body.applyTo(agent);
              return store.create(
                  agent,
                  actor,
                  made ->
                      store.answer(
                          actor,
                          ResourceAnswers.created("/agents", made, AgentView.Created.of(made))));
            });
  }

  @GET
  @Path("/{uuid}")
  public Uni<RestResponse<AgentView>> get(@PathParam("uuid") String uuid) {
    return store
        .get(Agent.class, Identity.byId(caller.actor(), uuid))
        .map(agent -> ResourceAnswers.ok(agent, AgentView.of(agent)));
  }

  @PUT
  @Path("/{uuid}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<AgentView>> update(
      @PathParam("uuid") String uuid,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      AgentRequest body) {
    Identity identity = Identity.byId(caller.actor(), uuid);
    return checks
        .check(identity.actor().organization(), body)
        .chain(() -> store.update(Agent.class, identity, ifMatch, body::applyTo))
        .map(agent -> ResourceAnswers.ok(agent, AgentView.of(agent)));
  }

  @DELETE
  @Path("/{uuid}")
  public Uni<Message> delete(
      @PathParam("uuid") String uuid, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return store
        .delete(Agent.class, Identity.byId(caller.actor(), uuid), ifMatch)
        .map(Message::deleted);
  }
}
