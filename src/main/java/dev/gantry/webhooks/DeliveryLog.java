package dev.gantry.webhooks;

import dev.gantry.http.ApiException;
import dev.gantry.http.Paging;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The deliveries of a webhook for those who ask: what became of them, and once more. The webhook is
 * one that its caller may see. Event loop, never blocks.
 */
@ApplicationScoped
class DeliveryLog {
  /** Deliveries are counted up to here, so that a long log costs no more than a short one. */
  static final int MOST_COUNTED = 10_000;

  private static final int MOST_AGAIN = 10_000;

  private static final String WHERE =
      """
      from webhook_deliveries where webhook_id = $1
        and ($2::text is null or status = $2) and ($3::text is null or type = $3)
      """;

  private static final String LIST =
      "select * " + WHERE + " order by position desc limit $4 offset $5";

  private static final String COUNT =
      "select count(*) from (select " + WHERE + " limit " + (MOST_COUNTED + 1) + ") counted";

  private static final String ONE =
      "select * from webhook_deliveries where position = $1 and webhook_id = $2";

  private static final String ATTEMPTS =
      """
      select * from webhook_attempts where position = $1 and webhook_id = $2 order by number
      """;

  private static final String AGAIN =
      """
      with changed as (
        update webhook_deliveries
        set status = 'pending', reason = null, next_at = now(), ended_at = null, tries = 0,
          until = now() + $3 * interval '1 millisecond'
        where position = $1 and webhook_id = $2 and status <> 'pending'
        returning organization_id, destination, next_at)
      """
          + DestinationStore.WAKE;

  private static final String FAILED_AGAIN =
      """
      with changed as (
        update webhook_deliveries
        set status = 'pending', reason = null, next_at = now(), ended_at = null, tries = 0,
          until = now() + $3 * interval '1 millisecond'
        where (position, webhook_id) in (
          select position, webhook_id from webhook_deliveries
          where webhook_id = $1 and status = 'failed' and planned_at >= $2 and type <> $4
          order by position limit $5)
        returning organization_id, destination, next_at),
      woken as (
      """
          + DestinationStore.WAKE
          + ") select count(*) from changed";

  private final Pool pool;
  private final Messenger messenger;
  private final Sender sender;
  private final WebhooksConfig config;

  DeliveryLog(Pool pool, Messenger messenger, Sender sender, WebhooksConfig config) {
    this.pool = pool;
    this.messenger = messenger;
    this.sender = sender;
    this.config = config;
  }

  /**
   * The newest first.
   *
   * @param status null = any
   * @param event a type; null = any
   */
  Uni<List<DeliveryView>> list(UUID webhook, String status, String event, Paging paging) {
    return pool.preparedQuery(LIST)
        .execute(Tuple.of(webhook, status, event, paging.limit(), paging.offset()))
        .map(
            rows -> StreamSupport.stream(rows.spliterator(), false).map(DeliveryView::of).toList());
  }

  /** {@value #MOST_COUNTED} and one when there are more than that. */
  Uni<Long> count(UUID webhook, String status, String event) {
    return pool.preparedQuery(COUNT)
        .execute(Tuple.of(webhook, status, event))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** With all its attempts. Fails with 404. */
  Uni<DeliveryView> get(Webhook webhook, String id) {
    DeliveryId known = known(webhook, id);
    Tuple key = Tuple.of(known.position(), known.webhook());
    return pool.preparedQuery(ONE)
        .execute(key)
        .chain(
            rows -> {
              if (rows.size() == 0) {
                throw unknown(id);
              }
              Row row = rows.iterator().next();
              return pool.preparedQuery(ATTEMPTS)
                  .execute(key)
                  .map(
                      attempts ->
                          DeliveryView.of(
                              row,
                              request(webhook, known, row),
                              StreamSupport.stream(attempts.spliterator(), false)
                                  .map(AttemptView::of)
                                  .toList()));
            });
  }

  private DeliveryView.Request request(Webhook webhook, DeliveryId id, Row row) {
    Map<String, String> headers = new LinkedHashMap<>(messenger.plainHeaders());
    headers.put(Signature.ID, id.toString());
    return new DeliveryView.Request(
        headers, Messenger.body(webhook.type, row.getString("payload")));
  }

  private static DeliveryId known(Webhook webhook, String id) {
    return DeliveryId.parse(id, webhook.id).orElseThrow(() -> unknown(id));
  }

  private static ApiException unknown(String id) {
    return ApiException.notFound("Delivery", id);
  }

  /** Sends it once more, as often as it takes; one that is not over yet goes on as it was. */
  Uni<DeliveryView> again(Webhook webhook, String id) {
    DeliveryId known = known(webhook, id);
    return pool.preparedQuery(AGAIN)
        .execute(Tuple.of(known.position(), known.webhook(), patience()))
        .invoke(sender::wake)
        .chain(() -> get(webhook, id));
  }

  /**
   * Sends all that have failed once more, of events planned since then; the oldest first and at
   * most {@value #MOST_AGAIN}. Answers how many.
   */
  Uni<Long> failedAgain(Webhook webhook, Instant since) {
    return pool.preparedQuery(FAILED_AGAIN)
        .execute(
            Tuple.of(
                webhook.id, since.atOffset(ZoneOffset.UTC), patience(), Payload.TEST, MOST_AGAIN))
        .invoke(sender::wake)
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private long patience() {
    Duration patience = config.delivery().retryFor();
    return patience.toMillis();
  }
}
