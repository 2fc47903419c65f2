package dev.gantry;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.lang.management.ManagementFactory;

/** The process: what takes its time and needs no settings begins before the framework does. */
@QuarkusMain
public final class Gantry {
  private Gantry() {}

  /** Ends with the process. */
  public static void main(String... args) {
    // The first Kafka client asks for it, and would have the start wait.
    Thread thread = new Thread(ManagementFactory::getPlatformMBeanServer, "gantry-management");
    thread.setDaemon(true);
    thread.start();
    Quarkus.run(args);
  }
}
