package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Reads a container's log to its end, on a thread of its own: again from where it was when the
 * connection is lost, and once more after the container has ended, so that nothing is missed
 * between the two. What had ended before is read once. The end of a container does not wait for a
 * connection that tells nothing any more.
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
  private static final Duration QUIET = Duration.ofMillis(25);

  private final KubernetesResources resources;
  private final Pod pod;
  private final PodLog log;
  private final UnreadLines unread;
  private final CompletableFuture<Void> read = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean left;
  private volatile LogReading open;
  private volatile Future<?> look;
  private volatile Thread thread;

  LogFollower(KubernetesResources resources, Pod pod, PodLog log) {
    this.resources = resources;
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
  CompletionStage<Void> start() {
    resources.readers().execute(this::run);
    return read;
  }

  /** The container has ended, or is gone: what is there now is all there is. */
  void containerEnded() {
    ended.countDown();
    LogReading reading = open;
    if (reading != null) {
      closeWhenQuiet(reading);
    }
  }

  /**
   * Not while something comes: what a slow reader has still to get may be in a file that the
   * kubelet has rotated away.
   */
  private void closeWhenQuiet(LogReading reading) {
    Duration limit = reading.follows() ? QUIET : resources.cluster().answerTime();
    if (reading != open || limit.isZero()) {
      return;
    }
    if (reading.isQuiet(limit)) {
      closeQuietly(reading);
    } else {
      look = resources.later(limit, () -> closeWhenQuiet(reading));
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

  private static void closeQuietly(LogReading reading) {
    try {
      if (reading != null) {
        reading.close();
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
        if (last) {
          Thread.sleep(pause);
        } else if (ended.await(pause, TimeUnit.MILLISECONDS)) {
          pause = FIRST_PAUSE_MILLIS;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      thread = null;
    }
  }

  private static boolean isGone(Exception e) {
    return e instanceof KubernetesClientException refused
        && (refused.getCode() == NOT_FOUND || refused.getCode() == 400);
  }

  private void readOnce(boolean follow) throws IOException, InterruptedException {
    try (LogReading in = resources.cluster().log(pod, unread.since(), follow)) {
      open = in;
      if (hasEnded()) {
        closeWhenQuiet(in);
      }
      TimedLines lines = new TimedLines(in);
      while (!left && lines.read(unread)) {
        log.flush();
      }
      log.flush();
    } finally {
      open = null;
      if (look != null) {
        look.cancel(false);
      }
    }
  }
}
