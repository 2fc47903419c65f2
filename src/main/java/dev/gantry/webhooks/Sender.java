package dev.gantry.webhooks;

import dev.gantry.platform.Rounds;
import dev.gantry.webhooks.DestinationStore.Place;
import dev.gantry.webhooks.DestinationStore.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Looks for destinations with something to send and gives each a {@link Turn}. Every engine does
 * so; a destination is worked on by one at a time, and what a process that died had under way is
 * sent again when its lease has ended. All turns of a process happen on one event loop; never
 * blocks.
 */
@ApplicationScoped
class Sender {
  private static final Logger LOG = Logger.getLogger(Sender.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int AT_ONCE = 64; // destinations to begin with
  private static final Duration CARE = Duration.ofSeconds(20);

  private final UUID process = UUID.randomUUID();
  private final DestinationStore destinations;
  private final DeliveryStore deliveries;
  private final Sending sending;
  private final WebhooksConfig config;
  private final boolean enabled;
  private final Rounds rounds;
  private final Rounds care;
  private final Context loop;
  private final AtomicLong open = new AtomicLong();

  // On the loop only.
  private final Map<Place, Turn> turns = new HashMap<>();
  private int free;
  private boolean stopped;

  Sender(
      Vertx vertx,
      DestinationStore destinations,
      DeliveryStore deliveries,
      Sending sending,
      WebhooksConfig config,
      MeterRegistry metrics,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.destinations = destinations;
    this.deliveries = deliveries;
    this.sending = sending;
    this.config = config;
    this.enabled = enabled;
    this.rounds = new Rounds("webhooks", vertx, PERIOD, this::look);
    this.care = new Rounds("old deliveries", vertx, CARE, this::care);
    this.loop = vertx.getOrCreateContext();
    this.free = config.delivery().atOnce();
    if (enabled) {
      metrics.gauge("gantry.webhooks.circuits.open", open);
    }
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
      care.start();
    }
  }

  /** What is under way is told of if there is time; the rest is left to the others at once. */
  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
    care.stop();
    if (enabled) {
      loop.runOnContext(v -> stopped = true);
      destinations
          .leave(process)
          .subscribe()
          .with(done -> {}, failure -> LOG.debugf("destinations stay taken: %s", failure));
    }
  }

  /** There may be something to send. Any thread. */
  void wake() {
    rounds.look();
  }

  private Uni<Void> look() {
    return Uni.createFrom()
        .item(() -> reserve(AT_ONCE))
        .runSubscriptionOn(this::onLoop)
        .chain(room -> room == 0 ? Uni.createFrom().voidItem() : take(room));
  }

  private Uni<Void> take(int room) {
    return destinations
        .take(process, lease(), room, config.delivery().atOncePerDestination())
        .emitOn(this::onLoop)
        .onFailure()
        .invoke(() -> free(room))
        .invoke(taken -> begin(taken, room))
        .replaceWithVoid();
  }

  private void begin(Collection<Taken> taken, int room) {
    free(room - taken.stream().mapToInt(place -> place.claimed().size()).sum());
    for (Taken place : taken) {
      turns
          .computeIfAbsent(place.place(), at -> new Turn(this, at, place.failures()))
          .begin(place.claimed());
    }
    if (taken.size() == room) {
      rounds.look();
    }
  }

  private void onLoop(Runnable task) {
    loop.runOnContext(v -> task.run());
  }

  /** Longer than an attempt takes, with what is to be told of it. */
  private Duration lease() {
    return config.delivery().timeout().plusSeconds(10);
  }

  private Uni<Void> care() {
    return deliveries
        .expire()
        .invoke(late -> sending.count("failed", late))
        .chain(destinations::forget)
        .chain(destinations::open)
        .invoke(open::set)
        .replaceWithVoid();
  }

  // What turns do, on the loop.

  DeliveryConfig config() {
    return config.delivery();
  }

  /** How many more deliveries may be under way, of up to that many; takes their places. */
  int reserve(int wanted) {
    int got = stopped ? 0 : Math.max(0, Math.min(wanted, free));
    free -= got;
    return got;
  }

  void free(int places) {
    boolean full = free <= 0;
    free += places;
    if (full) {
      rounds.look();
    }
  }

  Uni<List<Claimed>> claim(Place place, int most) {
    return deliveries.claim(place, process, lease(), most).emitOn(this::onLoop);
  }

  Uni<Sending.Result> send(Claimed delivery) {
    return sending.send(delivery).emitOn(this::onLoop);
  }

  void end(Turn turn, int failures, boolean open, Duration rest) {
    turns.remove(turn.place());
    destinations
        .release(process, turn.place(), failures, open, rest)
        .subscribe()
        .with(
            due -> {
              if (due) {
                rounds.look();
              }
            },
            failure -> {
              if (!stopped) {
                LOG.warnf(
                    "deliveries to %s wait for the database: %s", turn.place().name(), failure);
              }
            });
  }
}
