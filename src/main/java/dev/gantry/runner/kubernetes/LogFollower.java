package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Reads a container's log to its end, on a thread of its own: again from where it was when the
 * connection is lost, and once more after the container has ended, so that nothing is missed
 * between the two. What had ended before is read once.
 */
final class LogFollower {
  private static final Logger LOG = Logger.getLogger(LogFollower.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5000;
  private static final int NOT_FOUND = 404;

  /**
   * When nothing came for this long of a container that has ended, nothing will: the kubelet itself
   * looks only once a second whether a container whose log it follows still runs.
   */
  private static final long QUIET_MILLIS = 25;

  private final Cluster cluster;
  private final Pod pod;
  private final PodLog log;
  private final UnreadLines unread;
  private final CompletableFuture<Void> read = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean left;
  private volatile Reading open;
  private Executor threads;
  private volatile Thread thread;

  LogFollower(Cluster cluster, Pod pod, PodLog log) {
    this.cluster = cluster;
    this.pod = pod;
    this.log = log;
    this.unread = new UnreadLines(log);
  }

  /**
   * Begins to read.
   *
   * @return completes when the container has ended and all of its log is read, or what is left of
   *     it; never after {@link #leave}
   */
  CompletionStage<Void> start(Executor threads) {
    this.threads = threads;
    threads.execute(this::run);
    return read;
  }

  /** The container has ended, or is gone: what is there now is all there is. */
  void containerEnded() {
    Reading before = open;
    ended.countDown();
    if (before != null) {
      closeWhenQuiet(before);
    }
  }

  /**
   * Not while something comes: what a slow reader has still to get may be in a file that the
   * kubelet has rotated away.
   */
  private void closeWhenQuiet(Reading reading) {
    if (reading != open) {
      return;
    }
    if (reading.isQuiet()) {
      closeQuietly(reading);
    } else {
      CompletableFuture.delayedExecutor(QUIET_MILLIS, TimeUnit.MILLISECONDS, threads)
          .execute(() -> closeWhenQuiet(reading));
    }
  }

  private boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Reads no further. */
  void leave() {
    left = true;
    Thread reader = thread;
    if (reader != null) {
      reader.interrupt();
    }
    closeQuietly(open);
  }

  private static void closeQuietly(InputStream in) {
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException e) {
      LOG.debugf("a log that is left could not be closed: %s", e);
    }
  }

  private void run() {
    thread = Thread.currentThread();
    long pause = FIRST_PAUSE_MILLIS;
    try {
      while (!left) {
        boolean last = hasEnded();
        try {
          unread.again();
          readOnce(!last);
          if (last) {
            read.complete(null);
            return;
          }
          pause = FIRST_PAUSE_MILLIS;
        } catch (IOException | RuntimeException e) {
          if (last && isGone(e)) {
            log.note("(the rest of the log is gone with its container: " + e.getMessage() + ")");
            read.complete(null);
            return;
          }
          LOG.debugf("the log of %s is read again: %s", pod.getMetadata().getName(), e);
          pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        pause(last, pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      thread = null;
    }
  }

  /** The last time is at once when the container ends. */
  private void pause(boolean last, long millis) throws InterruptedException {
    if (last) {
      Thread.sleep(FIRST_PAUSE_MILLIS);
    } else if (ended.await(millis, TimeUnit.MILLISECONDS)) {
      LOG.debugf("the log of %s is read for the last time", pod.getMetadata().getName());
    }
  }

  private static boolean isGone(Exception e) {
    return e instanceof KubernetesClientException refused
        && (refused.getCode() == NOT_FOUND || refused.getCode() == 400);
  }

  private void readOnce(boolean follow) throws IOException, InterruptedException {
    try (Reading in = new Reading(cluster.log(pod, unread.since(), follow))) {
      open = in;
      TimedLines lines = new TimedLines(in);
      while (!left && lines.read(unread)) {
        log.flush();
      }
      log.flush();
    } finally {
      open = null;
    }
  }

  /** Knows how long it has waited for more. */
  private static final class Reading extends FilterInputStream {
    private volatile boolean waits;
    private volatile long since;

    Reading(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      since = System.nanoTime();
      waits = true;
      try {
        return super.read(buffer, offset, length);
      } finally {
        waits = false;
      }
    }

    boolean isQuiet() {
      return waits && System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
    }
  }
}
