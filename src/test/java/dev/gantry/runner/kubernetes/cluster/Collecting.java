package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;

/** Keeps each object of a watch. */
record Collecting<T>(List<T> seen) implements Watcher<T> {
  @Override
  public void eventReceived(Action action, T object) {
    seen.add(object);
  }

  @Override
  public void onClose(WatcherException cause) {
    throw new IllegalStateException("the watch ended", cause);
  }
}
