package dev.gantry.sources;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.sources.ScanStore.Taken;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Runs the scans that wait, in processes with the engine's role: at once when this process added
 * one, within a second else. A scan whose process died is taken again when its lease has passed,
 * and given up after a few times, so that each one ends. Git and parsing have threads of their own;
 * all else never blocks.
 */
@ApplicationScoped
class SourceScanner {
  private static final Logger LOG = Logger.getLogger(SourceScanner.class);
  private static final long PERIOD_MILLIS = 1000;
  private static final int LOOKS_BETWEEN_SWEEPS = 60;
  private static final int MAX_ATTEMPTS = 3;

  /** What parsing and storing may take on top of the fetch. */
  private static final Duration AFTER_FETCH = Duration.ofMinutes(2);

  private final Vertx vertx;
  private final ScanStore store;
  private final GitRepository repositories;
  private final SourceCredentials credentials;
  private final SourceConfig sources;
  private final ScanConfig config;
  private final boolean enabled;
  private final Semaphore free;
  private final ExecutorService workers;
  private final AtomicBoolean again = new AtomicBoolean();
  private volatile boolean stopped;

  SourceScanner(
      Vertx vertx,
      ScanStore store,
      GitRepository repositories,
      SourceCredentials credentials,
      SourceConfig sources,
      ScanConfig config,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.vertx = vertx;
    this.store = store;
    this.repositories = repositories;
    this.credentials = credentials;
    this.sources = sources;
    this.config = config;
    this.enabled = enabled;
    this.free = new Semaphore(config.concurrency());
    AtomicInteger threads = new AtomicInteger();
    this.workers =
        Executors.newFixedThreadPool(
            config.concurrency(), work -> new Thread(work, "scan-" + threads.incrementAndGet()));
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      look(LOOKS_BETWEEN_SWEEPS);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    workers.shutdownNow();
  }

  private void look(int untilSweep) {
    if (stopped) {
      return;
    }
    wake();
    if (untilSweep == 0) {
      store.forget(config.retention()).subscribe().with(done -> {}, SourceScanner::waits);
    }
    int next = untilSweep == 0 ? LOOKS_BETWEEN_SWEEPS : untilSweep - 1;
    vertx.setTimer(PERIOD_MILLIS, timer -> look(next));
  }

  /** A scan may wait. Any thread. */
  void wake() {
    if (!enabled || stopped) {
      return;
    }
    again.set(true);
    int most = free.drainPermits();
    if (most == 0) {
      return; // who has the permits looks again once they are back
    }
    again.set(false);
    store
        .take(most, sources.timeout().plus(AFTER_FETCH))
        .subscribe()
        .with(
            taken -> {
              taken.forEach(this::run);
              given(most - taken.size());
            },
            failure -> {
              free.release(most);
              waits(failure);
            });
  }

  /** Permits come back; who asked while they were away is answered now. */
  private void given(int permits) {
    free.release(permits);
    if (again.get()) {
      wake();
    }
  }

  private static void waits(Throwable failure) {
    LOG.warnf("scans wait for the database: %s", failure.toString());
  }

  private void run(Taken scan) {
    Uni<Boolean> ended =
        scan.attempt() > MAX_ATTEMPTS
            ? store.fail(scan, "was begun " + MAX_ATTEMPTS + " times and never came to an end")
            : read(scan)
                .onItemOrFailure()
                .transformToUni(
                    (read, failure) ->
                        failure == null
                            ? store.complete(scan, read.commit(), read.findings())
                            : store.fail(scan, told(scan, failure)));
    ended
        .onTermination()
        .invoke(
            () -> {
              again.set(true); // as many as were taken may wait behind it
              given(1);
            })
        .subscribe()
        .with(
            mine -> LOG.debugf("scan %s ended: %s", scan.id(), mine),
            failure -> LOG.warnf("scan %s is left to its lease: %s", scan.id(), failure));
  }

  private record Read(String commit, Findings findings) {}

  private Uni<Read> read(Taken scan) {
    if (scan.origin().isInline()) {
      return onWorker(
          () -> new Read(null, InlineScan.read(scan.inlineTools(), scan.inlineWorkflows())));
    }
    return Uni.createFrom()
        .item(() -> scan.origin().address(sources))
        .chain(
            address ->
                credentials
                    .of(scan.organization(), scan.origin().credentials(), address)
                    .chain(revealed -> onWorker(() -> fetched(address, revealed))));
  }

  private Uni<Read> onWorker(Supplier<Read> read) {
    return Uni.createFrom().item(read).runSubscriptionOn(workers);
  }

  private Read fetched(SourceAddress address, GitCredentials revealed) {
    return repositories.fetch(
        address,
        revealed,
        snapshot -> new Read(snapshot.commit().name(), RepositoryScan.read(snapshot, sources)));
  }

  private static String told(Taken scan, Throwable failure) {
    if (failure instanceof ApiException refused) {
      return refused.code() == ErrorCode.VALIDATION_ERROR
          ? String.valueOf(refused.details().getOrDefault("error", refused.getMessage()))
          : refused.getMessage();
    }
    LOG.errorf(failure, "scan %s failed", scan.id());
    return "The server failed; its log has the reason beside scan-" + scan.id();
  }
}
