package dev.gantry.webhooks;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Fields;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /webhooks/{uuid}/deliveries}: what a subscription was sent, and once more. Event loop. */
@Path("/webhooks/{uuid}/deliveries")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
class DeliveriesResource {
  private static final List<String> STATUSES = List.of("pending", "delivered", "failed");

  private final ResourceStore store;
  private final DeliveryLog log;
  private final Caller caller;

  DeliveriesResource(ResourceStore store, DeliveryLog log, Caller caller) {
    this.store = store;
    this.log = log;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<DeliveryView>> list(
      @PathParam("uuid") String uuid,
      @BeanParam Paging paging,
      @QueryParam("status") String status,
      @QueryParam("event") String event) {
    new Fields().oneOf("status", status, STATUSES).line("event", event, 255).check();
    if (paging.offset() > DeliveryLog.MOST_COUNTED) {
      throw ApiException.invalid("offset", "must be at most " + DeliveryLog.MOST_COUNTED);
    }
    return webhook(uuid)
        .chain(
            webhook ->
                log.count(webhook.id, status, event)
                    .chain(
                        total ->
                            log.list(webhook.id, status, event, paging)
                                .map(page -> new ListAnswer<>("deliveries", page, total, paging))));
  }

  @GET
  @Path("/{id}")
  public Uni<DeliveryView> get(@PathParam("uuid") String uuid, @PathParam("id") String id) {
    return webhook(uuid).chain(webhook -> log.get(webhook, id));
  }

  @POST
  @Path("/{id}/redeliver")
  public Uni<RestResponse<DeliveryView>> redeliver(
      @PathParam("uuid") String uuid, @PathParam("id") String id) {
    return webhook(uuid)
        .invoke(DeliveriesResource::requireEnabled)
        .chain(webhook -> log.again(webhook, id))
        .map(delivery -> RestResponse.status(RestResponse.Status.ACCEPTED, delivery));
  }

  private Uni<Webhook> webhook(String uuid) {
    return store.get(Webhook.class, Identity.byId(caller.actor(), uuid));
  }

  /** Fails with 409 for a subscription that nothing is sent to. */
  static void requireEnabled(Webhook webhook) {
    if (webhook.isDisabled()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "This subscription is disabled: POST /api/v1/webhooks/"
              + webhook.publicId()
              + "/enable first",
          Map.of("field", "status", "error", String.valueOf(webhook.statusReason)));
    }
  }
}
