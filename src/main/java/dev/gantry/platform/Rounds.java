package dev.gantry.platform;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Work that is found by looking for it: again and again, and at once when somebody asks. One round
 * is made at a time; what is asked for meanwhile is another one after it. A round that fails is
 * told in the log, and the next one tries again. Safe from any thread, never blocks.
 */
public final class Rounds {
  private static final Logger LOG = Logger.getLogger(Rounds.class);

  private final String what;
  private final Vertx vertx;
  private final Duration period;
  private final Supplier<Uni<?>> round;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean running;

  /**
   * @param what is looked for, as the log names it: {@code schedules}
   * @param period how long a look that nobody asks for is after the one before, at most
   */
  public Rounds(String what, Vertx vertx, Duration period, Supplier<Uni<?>> round) {
    this.what = what;
    this.vertx = vertx;
    this.period = period;
    this.round = round;
  }

  /** Before, and after {@link #stop}, nothing is looked for. */
  public void start() {
    running = true;
    vertx.setPeriodic(period.toMillis(), timer -> tick(timer));
  }

  private void tick(long timer) {
    if (running) {
      look();
    } else {
      vertx.cancelTimer(timer);
    }
  }

  public void stop() {
    running = false;
  }

  /** There may be something. */
  public void look() {
    if (!running) {
      return;
    }
    asked.incrementAndGet();
    if (busy.compareAndSet(false, true)) {
      int seen = asked.get();
      round
          .get()
          .subscribe()
          .with(
              done -> over(seen),
              failure -> {
                if (running) {
                  LOG.warnf("%s wait for the database: %s", what, failure.toString());
                }
                busy.set(false);
              });
    }
  }

  private void over(int seen) {
    busy.set(false);
    if (asked.get() != seen) {
      look();
    }
  }
}
