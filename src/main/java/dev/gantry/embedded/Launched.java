package dev.gantry.embedded;

import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The launched application's side of its launcher: it is started beside its servers, waits here for
 * a byte on its standard input that says they are there, and ends when that input does, so that
 * nothing is left behind by a launcher that is killed. Does nothing in any other deployment.
 */
@ApplicationScoped
class Launched {
  private static final Logger LOG = Logger.getLogger(Launched.class);

  /** Before all else that a start does; blocks the starting thread. */
  void start(
      @Observes @Priority(StartOrder.FIRST) StartupEvent event,
      @ConfigProperty(name = "gantry.embedded", defaultValue = "false") boolean embedded)
      throws IOException {
    if (!embedded) {
      return;
    }
    if (System.in.read() < 0) {
      throw new IOException("the launcher was gone before the servers were there");
    }
    Thread thread = new Thread(Launched::watch, "launcher-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // Nothing more is said: only the end matters.
      }
    } catch (IOException e) {
      LOG.debug("standard input is gone", e);
    }
    LOG.info("the launcher is gone or asks to stop");
    Quarkus.asyncExit();
  }
}
