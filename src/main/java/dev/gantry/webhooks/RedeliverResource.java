package dev.gantry.webhooks;

import dev.gantry.http.Caller;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code POST /webhooks/{uuid}/redeliver}: all that has failed, once more. Event loop. */
@Path("/webhooks/{uuid}/redeliver")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
class RedeliverResource {
  private final ResourceStore store;
  private final DeliveryLog log;
  private final Caller caller;

  RedeliverResource(ResourceStore store, DeliveryLog log, Caller caller) {
    this.store = store;
    this.log = log;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<Redelivered>> redeliver(
      @PathParam("uuid") String uuid, RedeliverRequest body) {
    return store
        .get(Webhook.class, Identity.byId(caller.actor(), uuid))
        .chain(
            webhook -> {
              var since = RedeliverRequest.timeOf(body);
              DeliveriesResource.requireEnabled(webhook);
              return log.failedAgain(webhook, since);
            })
        .map(count -> RestResponse.status(RestResponse.Status.ACCEPTED, new Redelivered(count)));
  }
}
