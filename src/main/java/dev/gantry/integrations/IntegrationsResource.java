package dev.gantry.integrations;

import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Fields;
import dev.gantry.resources.Identity;
import dev.gantry.resources.Message;
import dev.gantry.resources.ReferenceCheck;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /integrations}: list, read, create, change and delete integrations. Event loop. */
@Path("/integrations")
@Tag(name = "Integrations")
@Produces(MediaType.APPLICATION_JSON)
class IntegrationsResource {
  private final ResourceStore store;
  private final ReferenceCheck references;
  private final Caller caller;

  IntegrationsResource(ResourceStore store, ReferenceCheck references, Caller caller) {
    this.store = store;
    this.references = references;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<IntegrationView>> list(
      @BeanParam Paging paging,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort,
      @QueryParam("type") String type,
      @QueryParam("status") String status) {
    new Fields()
        .line("type", type, IntegrationRequest.MAX_LINE)
        .oneOf("status", status, Integration.STATUSES)
        .check();
    ResourceQuery query =
        new ResourceQuery(caller.organizationId())
            .filter(filter)
            .equal("type", type)
            .equal("status", status)
            .sorted(sort);
    return store
        .list(Integration.class, query, paging)
        .map(page -> page.answer("integrations", IntegrationView::of, paging));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<IntegrationView>> create(IntegrationRequest body) {
    Actor actor = caller.actor();
    Fields fields = new Fields();
    if (body != null) {
      fields.required("name", body.name()).required("type", body.type());
    }
    return check(actor.organization(), body, fields)
        .chain(
            () -> {
              Integration integration = new Integration();
              body.applyTo(integration);
              return store.create(
                  integration,
                  actor,
                  made ->
                      store.answer(
                          actor,
                          ResourceAnswers.created(
                              "/integrations", made, IntegrationView.of(made))));
            });
  }

  @GET
  @Path("/{uuid}")
  public Uni<RestResponse<IntegrationView>> get(@PathParam("uuid") String uuid) {
    return store.get(Integration.class, known(uuid)).map(IntegrationsResource::shown);
  }

  @PUT
  @Path("/{uuid}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<IntegrationView>> update(
      @PathParam("uuid") String uuid,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      IntegrationRequest body) {
    Identity identity = known(uuid);
    return check(identity.actor().organization(), body, new Fields())
        .chain(() -> store.update(Integration.class, identity, ifMatch, body::applyTo))
        .map(IntegrationsResource::shown);
  }

  @DELETE
  @Path("/{uuid}")
  public Uni<Message> delete(
      @PathParam("uuid") String uuid, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return store.delete(Integration.class, known(uuid), ifMatch).map(Message::deleted);
  }

  private Uni<Void> check(UUID organization, IntegrationRequest body, Fields fields) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    body.check(fields);
    return references
        .exist(
            organization,
            "secret",
            "secrets",
            body.secrets() == null ? null : body.secrets().values(),
            fields)
        .invoke(fields::check);
  }

  private Identity known(String uuid) {
    return Identity.byId(caller.actor(), uuid);
  }

  private static RestResponse<IntegrationView> shown(Integration integration) {
    return ResourceAnswers.ok(integration, IntegrationView.of(integration));
  }
}
