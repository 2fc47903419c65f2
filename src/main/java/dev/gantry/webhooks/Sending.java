package dev.gantry.webhooks;

import dev.gantry.database.DatabaseClock;
import dev.gantry.http.ApiException;
import dev.gantry.platform.Backoff;
import dev.gantry.webhooks.sending.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * One attempt at a delivery, from the message to what is kept of it. A process that dies between
 * the receiver's answer and its record sends the same message again. Event loop, never blocks.
 */
@ApplicationScoped
class Sending {
  private static final Logger LOG = Logger.getLogger(Sending.class);

  private final Messenger messenger;
  private final DeliveryStore store;
  private final DatabaseClock clock;
  private final MeterRegistry metrics;
  private final Backoff backoff;

  Sending(
      Messenger messenger,
      DeliveryStore store,
      DatabaseClock clock,
      MeterRegistry metrics,
      WebhooksConfig config) {
    this.messenger = messenger;
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
    this.backoff = new Backoff(config.delivery().retryDelays(), RandomGenerator.getDefault());
  }

  /** What an attempt says of its destination. */
  enum Result {
    GOOD,
    BAD,
    NOTHING
  }

  /**
   * Never fails: what cannot be kept of an attempt is told in the log, and the delivery is tried
   * again when its lease has ended.
   */
  Uni<Result> send(Claimed delivery) {
    return attempt(delivery)
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.warnf("delivery %s is tried again later: %s", delivery.id(), failure.toString());
              return Result.NOTHING;
            });
  }

  private Uni<Result> attempt(Claimed delivery) {
    if (delivery.to() == null) {
      return notSent(delivery, "the subscription is gone");
    }
    if (!delivery.to().enabled()) {
      return notSent(delivery, "the subscription is disabled");
    }
    String place = Destination.place(delivery.to().url());
    if (!place.equals(delivery.place())) {
      return place.isEmpty()
          ? notSent(delivery, "the url leads nowhere")
          : store.move(delivery, place).replaceWith(Result.NOTHING);
    }
    return sent(delivery);
  }

  private Uni<Result> notSent(Claimed delivery, String reason) {
    count("failed", 1);
    return store.record(delivery, Outcome.failed(reason)).replaceWith(Result.NOTHING);
  }

  private Uni<Result> sent(Claimed delivery) {
    return once(delivery)
        .chain(
            attempt -> {
              Answer answer = attempt.answer();
              Outcome outcome = Outcome.of(delivery, answer, backoff, clock.now());
              metrics
                  .timer("gantry.webhooks.delivery", "answer", kind(answer))
                  .record(answer.took());
              count(outcome.told(), 1);
              return kept(delivery, attempt, outcome)
                  .replaceWith(answer.speaksAgainstTheHost() ? Result.BAD : Result.GOOD);
            });
  }

  private static String kind(Answer answer) {
    return answer.status() == null ? "none" : answer.status() / 100 + "xx";
  }

  /** Also that there is no secret to sign with is an attempt, and one that may go better later. */
  private Uni<Attempt> once(Claimed delivery) {
    return Uni.createFrom()
        .deferred(() -> messenger.send(delivery))
        .onFailure(ApiException.class)
        .recoverWithItem(
            failure ->
                new Attempt(
                    clock.now(),
                    delivery.to().url(),
                    new Answer(null, null, Map.of(), null, failure.getMessage(), Duration.ZERO)));
  }

  private Uni<Void> kept(Claimed delivery, Attempt attempt, Outcome outcome) {
    Uni<Void> kept = store.record(delivery, attempt, outcome);
    return attempt.answer().isGone()
        ? kept.chain(
            () -> store.disable(delivery.id().webhook(), "the receiver has answered 410 Gone"))
        : kept;
  }

  void count(String outcome, int deliveries) {
    metrics.counter("gantry.webhooks.deliveries", "outcome", outcome).increment(deliveries);
  }

  /** One attempt that no other follows. */
  Uni<Void> test(Claimed delivery) {
    return once(delivery)
        .chain(
            attempt ->
                store.record(
                    delivery,
                    attempt,
                    Outcome.of(delivery, attempt.answer(), backoff, clock.now())));
  }
}
