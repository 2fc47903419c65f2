package dev.gantry.http.limits;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What this process holds of one subject's window. Times are those of {@link System#nanoTime}. Safe
 * from any thread, never blocks.
 */
final class Budget {
  /** After "nothing is left", until what another process gives back is asked for. */
  static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  private final Subject subject;
  private Lease lease;
  private int unused;
  private int wanted;
  private long lastUse = System.nanoTime();
  private long freeUntil = lastUse;
  private long exhaustedUntil = lastUse;
  private Uni<Void> refilling;

  Budget(Subject subject) {
    this.subject = subject;
    this.wanted = subject.firstShare();
  }

  /** Counts one request; null when that needs another lease. */
  synchronized Standing take(long now) {
    lastUse = now;
    if (now - freeUntil < 0) {
      return standing(true, now);
    }
    if (!current(now)) {
      return null;
    }
    if (unused > 0) {
      unused--;
      return standing(true, now);
    }
    return now - exhaustedUntil < 0 ? standing(false, now) : null;
  }

  /** One refill at a time, whoever waits for it. */
  synchronized Uni<Void> refill(Supplier<Uni<Void>> start) {
    if (refilling == null) {
      refilling = start.get().onTermination().invoke(this::refilled).memoize().indefinitely();
    }
    return refilling;
  }

  private synchronized void refilled() {
    refilling = null;
  }

  int wanted() {
    synchronized (this) {
      return wanted;
    }
  }

  /** The next share is twice this one, as long as the subject is busy. */
  synchronized void leased(Lease next, long now) {
    boolean sameWindow = current(now) && lease.resetsAt().equals(next.resetsAt());
    unused = (sameWindow ? unused : 0) + next.granted();
    lease = next;
    wanted = Math.min(subject.largestShare(), wanted * 2);
    exhaustedUntil = next.granted() == 0 ? now + ASK_AGAIN.toNanos() : now;
  }

  /** Admits all, uncounted, until then. */
  synchronized void free(long until) {
    freeUntil = until;
  }

  synchronized boolean idleSince(long time) {
    return lastUse - time < 0;
  }

  /** What is to be given back; null = nothing. */
  synchronized GivenBack giveBack(long now) {
    if (unused == 0 || !current(now)) {
      return null;
    }
    GivenBack back = new GivenBack(subject.id(), unused, lease.resetsAt());
    unused = 0;
    return back;
  }

  private boolean current(long now) {
    return lease != null && now - lease.endsNanos() < 0;
  }

  private Standing standing(boolean admitted, long now) {
    if (!current(now)) {
      long seconds = subject.window().toSeconds();
      return new Standing(
          subject, admitted, subject.requests(), Instant.now().getEpochSecond() + seconds, seconds);
    }
    long seconds = Duration.ofNanos(lease.endsNanos() - now).plusMillis(999).toSeconds();
    return new Standing(
        subject, admitted, lease.beyond() + unused, lease.resetsAt().toEpochSecond(), seconds);
  }
}
