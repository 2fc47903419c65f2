package dev.gantry.apikeys;

import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ApiKeys;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.http.idempotency.OnRepeat;
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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /api-keys}, for admins: list, make and revoke keys. Event loop. */
@Path("/api-keys")
@Tag(name = "API keys")
@Produces(MediaType.APPLICATION_JSON)
class ApiKeysResource {
  private final ResourceStore store;
  private final ApiKeys known;
  private final Caller caller;

  ApiKeysResource(ResourceStore store, ApiKeys known, Caller caller) {
    this.store = store;
    this.known = known;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<ApiKeyView>> list(
      @BeanParam Paging paging,
      @QueryParam("filter") String filter,
      @QueryParam("sort") String sort) {
    ResourceQuery query = new ResourceQuery(caller.organizationId()).filter(filter).sorted(sort);
    return store
        .list(ApiKey.class, query, paging)
        .map(page -> page.answer("api_keys", ApiKeyView::of, paging));
  }

  /** The answer is the only one that ever shows the key. */
  @POST
  @OnRepeat(OnRepeat.Way.REFUSE)
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<ApiKeyView>> create(ApiKeyRequest body) {
    ApiKey key = ApiKeyRequest.read(body);
    KeyText text = KeyText.forCallers();
    key.keyHash = text.hash();
    Actor actor = caller.actor();
    return store.create(
        key,
        actor,
        made ->
            store.answer(
                actor, ResourceAnswers.created("/api-keys", made, ApiKeyView.created(made, text))));
  }

  @GET
  @Path("/{uuid}")
  public Uni<RestResponse<ApiKeyView>> get(@PathParam("uuid") String uuid) {
    return store
        .get(ApiKey.class, Identity.byId(caller.actor(), uuid))
        .map(key -> ResourceAnswers.ok(key, ApiKeyView.of(key)));
  }

  /** A key cannot delete itself, so that an organization never loses its last admin by mistake. */
  @DELETE
  @Path("/{uuid}")
  public Uni<Message> delete(
      @PathParam("uuid") String uuid, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Identity identity = Identity.byId(caller.actor(), uuid);
    if (caller.keyId().equals(identity.value())) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "This key cannot delete itself; call with another admin's key",
          Map.of("field", "uuid"));
    }
    return store
        .delete(ApiKey.class, identity, ifMatch)
        .invoke(deleted -> known.revoked(deleted.id))
        .replaceWith(new Message("API key deleted successfully"));
  }
}
