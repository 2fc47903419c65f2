package dev.gantry.secrets;

import dev.gantry.http.Actor;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code /secrets}: list, read, create, change and delete secrets; no answer shows a value. Event
 * loop.
 */
@Path("/secrets")
@Tag(name = "Secrets")
@Produces(MediaType.APPLICATION_JSON)
class SecretsResource {
  private final ResourceStore store;
  private final SecretKeys keys;
  private final Caller caller;

  SecretsResource(ResourceStore store, SecretKeys keys, Caller caller) {
    this.store = store;
    this.keys = keys;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<SecretView>> list(
      @BeanParam Paging paging,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {
    keys.cipher();
    ResourceQuery query = new ResourceQuery(caller.organizationId()).filter(filter).sorted(sort);
    return store
        .list(Secret.class, query, paging)
        .map(page -> page.answer("secrets", SecretView::of, paging));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<SecretView.Created>> create(SecretRequest body) {
    SecretCipher cipher = keys.cipher();
    Actor actor = caller.actor();
    SecretRequest.checkNew(body);
    Secret secret = new Secret();
    secret.name = body.name();
    body.applyTo(secret, actor.organization(), cipher);
    return store.create(
        secret,
        actor,
        made ->
            store.answer(
                actor, ResourceAnswers.created("/secrets", made, SecretView.Created.of(made))));
  }

  @GET
  @Path("/{name}")
  public Uni<RestResponse<SecretView>> get(@PathParam("name") String name) {
    return store.get(Secret.class, named(name)).map(SecretsResource::shown);
  }

  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<SecretView>> update(
      @PathParam("name") String name,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      SecretRequest body) {
    SecretCipher cipher = keys.cipher();
    UUID organization = caller.organizationId();
    SecretRequest.check(name, body);
    return store
        .update(
            Secret.class,
            named(name),
            ifMatch,
            secret -> body.applyTo(secret, organization, cipher))
        .map(SecretsResource::shown);
  }

  @DELETE
  @Path("/{name}")
  public Uni<Message> delete(
      @PathParam("name") String name, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return store.delete(Secret.class, named(name), ifMatch).map(Message::deleted);
  }

  private Identity named(String name) {
    keys.cipher();
    return Identity.byName(caller.actor(), name);
  }

  private static RestResponse<SecretView> shown(Secret secret) {
    return ResourceAnswers.ok(secret, SecretView.of(secret));
  }
}
