package dev.gantry.messaging;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Tells who listens in the database that there is something, outside any transaction (a NOTIFY
 * inside one serializes all commits) and one at a time: what is asked for meanwhile is one more
 * after it. One that is lost is told in the log alone: listeners look by themselves, too. Any
 * thread, never blocks.
 */
final class Bell {
  private static final Logger LOG = Logger.getLogger(Bell.class);

  private final Pool pool;
  private final String channel;
  private final AtomicBoolean ringing = new AtomicBoolean();
  private volatile boolean again;

  Bell(Pool pool, String channel) {
    this.pool = pool;
    this.channel = channel;
  }

  void ring() {
    again = true;
    if (ringing.compareAndSet(false, true)) {
      notifyListeners();
    }
  }

  private void notifyListeners() {
    again = false;
    Uni<?> sent = pool.query("notify " + channel).execute();
    sent.subscribe()
        .with(
            done -> finished(),
            failure -> {
              LOG.debugf("%s is not told, its listeners look by themselves: %s", channel, failure);
              finished();
            });
  }

  private void finished() {
    ringing.set(false);
    if (again && ringing.compareAndSet(false, true)) {
      notifyListeners();
    }
  }
}
