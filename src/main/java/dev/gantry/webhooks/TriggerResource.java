package dev.gantry.webhooks;

import dev.gantry.http.Actor;
import dev.gantry.http.Bodies;
import dev.gantry.http.Caller;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code POST /webhooks/{uuid}/trigger}: sets a webhook off as one who has a key; nothing is to be
 * signed. Event loop.
 */
@Path("/webhooks/{uuid}/trigger")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
class TriggerResource {
  private final ResourceStore store;
  private final Bodies bodies;
  private final WebhooksConfig config;
  private final Trigger trigger;
  private final Caller caller;

  TriggerResource(
      ResourceStore store, Bodies bodies, WebhooksConfig config, Trigger trigger, Caller caller) {
    this.store = store;
    this.bodies = bodies;
    this.config = config;
    this.trigger = trigger;
    this.caller = caller;
  }

  @POST
  @OnRepeat(OnRepeat.Way.OWN)
  public Uni<RestResponse<Triggered>> trigger(
      @PathParam("uuid") String uuid,
      @Context HttpHeaders headers,
      @Context RoutingContext request) {
    Actor actor = caller.actor();
    return store
        .get(Webhook.class, Identity.byId(actor, uuid))
        .chain(
            webhook ->
                bodies
                    .read(request, config.maxBodySize().asLongValue())
                    .map(Event::read)
                    .chain(event -> fire(webhook, actor, event, headers)));
  }

  private Uni<RestResponse<Triggered>> fire(
      Webhook webhook, Actor actor, Event event, HttpHeaders headers) {
    String route = "/webhooks/" + webhook.publicId() + "/trigger";
    return trigger.fire(webhook, actor, event, IdempotencyKey.of(headers, route, event.text()));
  }
}
