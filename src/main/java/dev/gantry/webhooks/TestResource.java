package dev.gantry.webhooks;

import dev.gantry.http.Caller;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code POST /webhooks/{uuid}/test}: whether the receiver takes what is sent. Event loop. */
@Path("/webhooks/{uuid}/test")
@Tag(name = "Webhooks")
@Produces(MediaType.APPLICATION_JSON)
class TestResource {
  private final ResourceStore store;
  private final TestDelivery delivery;
  private final Caller caller;

  TestResource(ResourceStore store, TestDelivery delivery, Caller caller) {
    this.store = store;
    this.delivery = delivery;
    this.caller = caller;
  }

  @POST
  public Uni<DeliveryView> test(@PathParam("uuid") String uuid) {
    return store.get(Webhook.class, Identity.byId(caller.actor(), uuid)).chain(delivery::send);
  }
}
