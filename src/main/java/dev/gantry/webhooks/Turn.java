package dev.gantry.webhooks;

import dev.gantry.webhooks.DestinationStore.Place;
import dev.gantry.webhooks.Sending.Result;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sends what is due at one destination until there is nothing more, a few deliveries at a time. A
 * destination that has just failed gets one at a time; one that fails again and again gets nothing
 * for a while, and then one, as a probe:
 *
 * <pre>
 *            failure                  n-th failure in a row
 *   closed ──────────▶ one at a time ──────────────────────▶ open
 *     ▲                      │ success                        │ after a pause
 *     └──────────────────────┴──────── success ── probe ◀─────┘
 * </pre>
 *
 * <p>On the sender's loop only.
 */
final class Turn {
  private static final Logger LOG = Logger.getLogger(Turn.class);

  /** When nothing that is due may be sent, as one that waits for the one before it. */
  private static final Duration NOTHING_TO_SEND = Duration.ofSeconds(1);

  private final Sender sender;
  private final Place place;
  private int failures;
  private int underWay;
  private boolean open;
  private boolean claiming;
  private boolean mayBeMore;
  private boolean sentNothing = true;

  /**
   * @param failures in a row, so far
   */
  Turn(Sender sender, Place place, int failures) {
    this.sender = sender;
    this.place = place;
    this.failures = failures;
  }

  Place place() {
    return place;
  }

  /**
   * There is something to send that was not there before.
   *
   * @param claimed what was claimed of it, with a reserved place for each
   */
  void begin(List<Claimed> claimed) {
    mayBeMore |= claimed.isEmpty() || claimed.size() >= room();
    send(claimed);
    go();
  }

  /** Begins what is due and has room. */
  private void go() {
    if (claiming) {
      return;
    }
    int room = mayBeMore ? sender.reserve(room()) : 0;
    if (room > 0) {
      claim(room);
    } else if (underWay == 0) {
      end(sentNothing ? NOTHING_TO_SEND : Duration.ZERO);
    }
  }

  private int room() {
    int most = failures > 0 ? 1 : sender.config().atOncePerDestination();
    return open ? 0 : most - underWay;
  }

  private void claim(int room) {
    claiming = true;
    mayBeMore = false;
    sender
        .claim(place, room)
        .subscribe()
        .with(
            claimed -> claimed(claimed, room),
            failure -> {
              LOG.warnf("deliveries to %s wait for the database: %s", place.name(), failure);
              claimed(List.of(), room);
            });
  }

  private void claimed(List<Claimed> claimed, int room) {
    claiming = false;
    sender.free(room - claimed.size());
    mayBeMore |= claimed.size() == room;
    send(claimed);
    if (mayBeMore || underWay == 0) {
      go();
    }
  }

  private void send(List<Claimed> claimed) {
    underWay += claimed.size();
    sentNothing &= claimed.isEmpty();
    claimed.forEach(delivery -> sender.send(delivery).subscribe().with(this::sent, this::notSent));
  }

  private void notSent(Throwable failure) {
    LOG.errorf(failure, "a delivery to %s has met a fault", place.name());
    sent(Result.NOTHING);
  }

  private void sent(Result result) {
    underWay--;
    sender.free(1);
    if (result == Result.GOOD) {
      failures = 0;
    } else if (result == Result.BAD) {
      failures++;
      open |= failures >= sender.config().circuitFailures();
    }
    go();
  }

  private void end(Duration rest) {
    sender.end(this, failures, open, open ? sender.config().circuitPause() : rest);
  }
}
