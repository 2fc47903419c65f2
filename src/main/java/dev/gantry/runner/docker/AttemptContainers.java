package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.gantry.runner.AttemptKey;
import java.util.Map;
import org.jboss.logging.Logger;

/** All that an attempt has at the daemon, by its labels. Blocks. */
final class AttemptContainers {
  /** In an attempt's directory: that it has more than the one container. */
  static final String COMPANIONS = "companions";

  private static final Logger LOG = Logger.getLogger(AttemptContainers.class);

  private final Daemon daemon;
  private final Map<String, String> labels;

  /**
   * @param labels what all containers of this runner have
   */
  AttemptContainers(Daemon daemon, Map<String, String> labels) {
    this.daemon = daemon;
    this.labels = labels;
  }

  /** What a daemon that is away keeps is left to the sweep. */
  void remove(AttemptKey key) throws InterruptedException {
    Map<String, String> own = ContainerPlan.labels(key, labels);
    try {
      for (Container container : daemon.list(own)) {
        daemon.remove(container.getId());
      }
      for (Network network : daemon.networks(own)) {
        daemon.removeNetwork(network.getId());
      }
    } catch (DaemonAwayException | RefusedException e) {
      LOG.debugf("what is beside attempt %s is left to the next sweep: %s", key, e.getMessage());
    }
  }
}
