package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Reads a container's log to its end, on a thread of its own: again from where it was when the
 * connection is lost, and once more after the container has ended, so that nothing is missed
 * between the two.
 */
final class LogFollower {
  private static final Logger LOG = Logger.getLogger(LogFollower.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5000;
  private static final int NOT_FOUND = 404;

  private final Cluster cluster;
  private final Pod pod;
  private final PodLog log;
  private final UnreadLines unread;
  private final CompletableFuture<Void> read = new CompletableFuture<>();
  private volatile boolean ended;
  private volatile boolean left;
  private volatile InputStream open;
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
    threads.execute(this::run);
    return read;
  }

  /** The container has ended, or is gone: what is there now is all there is. */
  void containerEnded() {
    ended = true;
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
        boolean last = ended;
        try {
          unread.again();
          readOnce();
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
        Thread.sleep(ended ? FIRST_PAUSE_MILLIS : pause);
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

  private void readOnce() throws IOException, InterruptedException {
    try (InputStream in = cluster.follow(pod, unread.since())) {
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
}
