package dev.gantry.http.limits;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Counts requests of subjects. The limit is never exceeded, however many processes there are; what
 * they hold unused at the same time is all by which a subject can be refused too early. While the
 * database cannot be asked, requests are admitted uncounted: who needs the database is answered 503
 * by its own call, and nobody is turned away who does not. Any thread, never blocks and never
 * fails; answers on the caller's context.
 */
@ApplicationScoped
public class RateLimits {
  static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration OUTAGE = Duration.ofSeconds(2);
  private static final int MAX_REMEMBERED = 10_000;
  private static final Logger LOG = Logger.getLogger(RateLimits.class);

  private final Leases leases;
  private volatile long outageUntil = System.nanoTime();

  /**
   * The one that was not used for longest goes first; what it had leased is lost to its subject.
   */
  private final Map<Subject, Budget> budgets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Budget> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  RateLimits(Pool pool) {
    this.leases = new Leases(pool);
  }

  /** Counts one request of this subject. */
  public Uni<Standing> take(Subject subject) {
    Budget budget = budget(subject);
    Standing standing = budget.take(System.nanoTime());
    if (standing != null) {
      return Uni.createFrom().item(standing);
    }
    Context here = Vertx.currentContext();
    Uni<Void> refilled = budget.refill(() -> refill(subject, budget));
    return (here == null ? refilled : refilled.emitOn(MutinyHelper.executor(here)))
        .chain(() -> take(subject));
  }

  private Budget budget(Subject subject) {
    synchronized (budgets) {
      return budgets.computeIfAbsent(subject, Budget::new);
    }
  }

  private Uni<Void> refill(Subject subject, Budget budget) {
    if (System.nanoTime() - outageUntil < 0) {
      budget.free(outageUntil);
      return Uni.createFrom().voidItem();
    }
    return leases
        .take(subject, budget.wanted())
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .invoke(lease -> budget.leased(lease, System.nanoTime()))
        .onFailure()
        .invoke(failure -> outage(budget, failure))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  private void outage(Budget budget, Throwable failure) {
    outageUntil = System.nanoTime() + OUTAGE.toNanos();
    budget.free(outageUntil);
    LOG.warnf("requests are not counted, the database cannot be asked: %s", failure.toString());
  }

  /** Gives back what subjects have left unused for a while, and forgets them. */
  Uni<Void> giveBack(Duration idle) {
    long now = System.nanoTime();
    List<Budget> idlers = new ArrayList<>();
    synchronized (budgets) {
      budgets
          .values()
          .removeIf(budget -> budget.idleSince(now - idle.toNanos()) && idlers.add(budget));
    }
    List<GivenBack> all =
        idlers.stream().map(budget -> budget.giveBack(now)).filter(Objects::nonNull).toList();
    return all.isEmpty() ? Uni.createFrom().voidItem() : leases.giveBack(all);
  }

  /** Removes from the database what no request needs any more. */
  Uni<Integer> forget() {
    return leases.forget();
  }
}
