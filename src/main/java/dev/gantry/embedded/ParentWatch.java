package dev.gantry.embedded;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Ends the embedded application when its launcher closes its standard input or is killed, so that
 * nothing is left behind. Does nothing in any other deployment.
 */
@ApplicationScoped
class ParentWatch {
  private static final Logger LOG = Logger.getLogger(ParentWatch.class);

  void start(
      @Observes StartupEvent event,
      @ConfigProperty(name = "gantry.embedded", defaultValue = "false") boolean embedded) {
    if (embedded) {
      Thread thread = new Thread(ParentWatch::watch, "parent-watch");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes: only the end matters.
      }
    } catch (IOException e) {
      LOG.debug("standard input is gone", e);
    }
    LOG.info("the launcher is gone or asks to stop");
    Quarkus.asyncExit();
  }
}
