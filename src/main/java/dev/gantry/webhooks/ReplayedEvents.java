package dev.gantry.webhooks;

import dev.gantry.events.ToldEvent;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.resources.Identity;
import dev.gantry.resources.ResourceStore;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Plans deliveries of events that one subscription is to be told of once more. Event loop, never
 * blocks; the filter is applied on a worker thread.
 */
@ApplicationScoped
public class ReplayedEvents {
  private static final String SUBSCRIPTION =
      """
      select id, organization_id, events, filter, destination from webhooks
      where id = $1 and events <> '[]' and status = 'active'
      """;

  private final ResourceStore store;
  private final DeliveryStore deliveries;
  private final Sender sender;
  private final WebhooksConfig config;

  ReplayedEvents(
      ResourceStore store, DeliveryStore deliveries, Sender sender, WebhooksConfig config) {
    this.store = store;
    this.deliveries = deliveries;
    this.sender = sender;
    this.config = config;
  }

  /**
   * The id of a webhook that is told of events. Fails with 400 when there is none or it has no
   * events, with 409 while it is disabled.
   */
  public Uni<UUID> subscription(Actor actor, String uuid) {
    return store
        .get(Webhook.class, Identity.byId(actor, uuid))
        .onFailure(ReplayedEvents::isNotFound)
        .transform(e -> ApiException.invalid("webhook_uuid", "there is no webhook '" + uuid + "'"))
        .invoke(ReplayedEvents::requireSubscription)
        .invoke(DeliveriesResource::requireEnabled)
        .map(webhook -> webhook.id);
  }

  private static boolean isNotFound(Throwable failure) {
    return failure instanceof ApiException refused && refused.code() == ErrorCode.NOT_FOUND;
  }

  private static void requireSubscription(Webhook webhook) {
    if (!webhook.isSubscription()) {
      throw ApiException.invalid(
          "webhook_uuid", "'" + webhook.name + "' is not told of events: it has no 'events'");
    }
  }

  /**
   * Plans a delivery of each event that the subscription wants. One that was made before is made
   * again, with its id; one that is not over yet goes on as it was. Once the transaction is
   * committed, {@link #planned} has them sent. Answers how many they are; empty when the
   * subscription is gone or disabled.
   */
  public Uni<Optional<Integer>> plan(SqlClient client, UUID webhook, List<ToldEvent> events) {
    return client
        .preparedQuery(SUBSCRIPTION)
        .execute(Tuple.of(webhook))
        .chain(
            rows ->
                rows.size() == 0
                    ? Uni.createFrom().item(Optional.empty())
                    : plan(client, Subscription.of(rows.iterator().next()), events)
                        .map(Optional::of));
  }

  private Uni<Integer> plan(SqlClient client, Subscription to, List<ToldEvent> events) {
    return Uni.createFrom()
        .item(() -> Planned.of(events, List.of(to)))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .call(planned -> deliveries.addAgain(client, planned, config.delivery().retryFor()))
        .map(List::size);
  }

  /** Deliveries are there to be sent. */
  public void planned() {
    sender.wake();
  }
}
