package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.disk.RunnerDisk;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Containers and networks of this runner that nobody waits for: their end is reported, or their
 * attempt is not known any more. May block for long.
 */
final class Orphans {
  private static final Logger LOG = Logger.getLogger(Orphans.class);

  private final Daemon daemon;
  private final RunnerDisk disk;
  private final Map<String, String> labels;

  /**
   * @param labels what all containers of this runner have
   */
  Orphans(Daemon daemon, RunnerDisk disk, Map<String, String> labels) {
    this.daemon = daemon;
    this.disk = disk;
    this.labels = labels;
  }

  /** Those of an attempt that is under way stay; a daemon that is away is asked another time. */
  void remove() {
    try {
      int removed = 0;
      for (Container container : daemon.list(labels)) {
        if (isOrphan(container.getLabels())) {
          daemon.remove(container.getId());
          removed++;
        }
      }
      for (Network network : daemon.networks(labels)) {
        if (isOrphan(network.getLabels())) {
          daemon.removeNetwork(network.getId());
        }
      }
      if (removed > 0) {
        LOG.infof("removed %d containers that nobody waited for", removed);
      }
    } catch (DaemonAwayException | RefusedException e) {
      LOG.warnf("containers are swept later: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOrphan(Map<String, String> labels) {
    return attempt(labels)
        .map(key -> !disk.directory(key).exists() || disk.ledger().reportOf(key).isPresent())
        .orElse(true);
  }

  private static Optional<AttemptKey> attempt(Map<String, String> labels) {
    try {
      return Optional.of(
          new AttemptKey(
              UUID.fromString(labels.get(ContainerPlan.EXECUTION)),
              Integer.parseInt(labels.get(ContainerPlan.STEP)),
              Integer.parseInt(labels.get(ContainerPlan.ATTEMPT))));
    } catch (IllegalArgumentException | NullPointerException notNamed) {
      return Optional.empty();
    }
  }
}
