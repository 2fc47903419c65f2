package dev.gantry.webhooks;

import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Bodies;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.platform.Sha256;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code POST /hooks/{token}}: what others post to, without a key. The body is bounded before it is
 * read, and judged by its bytes. A message with an id that was here before is answered with the
 * execution that it started then. Event loop.
 */
@Path("/hooks")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
class HooksResource {
  private static final String BY_TOKEN = "tokenHash = ?1";

  private final Bodies bodies;
  private final WebhooksConfig config;
  private final WebhookSecrets secrets;
  private final Trigger trigger;

  HooksResource(Bodies bodies, WebhooksConfig config, WebhookSecrets secrets, Trigger trigger) {
    this.bodies = bodies;
    this.config = config;
    this.secrets = secrets;
    this.trigger = trigger;
  }

  @POST
  @Path("/{token}")
  @OnRepeat(OnRepeat.Way.OWN)
  public Uni<RestResponse<Triggered>> receive(
      @PathParam("token") String token, @Context RoutingContext request) {
    return find(token)
        .chain(
            webhook ->
                bodies
                    .read(request, config.maxBodySize().asLongValue())
                    .chain(body -> received(webhook, body, request)));
  }

  private static Uni<Webhook> find(String token) {
    if (!WebhookTokens.isToken(token)) {
      throw unknown();
    }
    return Panache.withSession(
            () -> Webhook.<Webhook>find(BY_TOKEN, (Object) WebhookTokens.hash(token)).firstResult())
        .onItem()
        .ifNull()
        .failWith(HooksResource::unknown);
  }

  private static ApiException unknown() {
    return new ApiException(
        ErrorCode.NOT_FOUND, "There is no webhook at this address", Map.of("resource", "Webhook"));
  }

  private Uni<RestResponse<Triggered>> received(
      Webhook webhook, byte[] body, RoutingContext request) {
    Event event = Event.read(body);
    if (webhook.isSigned()) {
      Signature.require(secrets.open(webhook), request.request().headers(), event);
    }
    Actor actor = Actor.of(webhook.organizationId, "webhook " + webhook.name, request);
    return trigger.fire(webhook, actor, event, key(webhook, body, request));
  }

  /** Messages of two webhooks never count as one, whatever they call themselves. */
  private static IdempotencyKey key(Webhook webhook, byte[] body, RoutingContext request) {
    String id = request.request().getHeader(Signature.ID);
    return id == null
        ? null
        : new IdempotencyKey(
            IdempotencyKey.checked(Signature.ID, "webhook/" + webhook.id + "/" + id),
            Sha256.of(body));
  }
}
