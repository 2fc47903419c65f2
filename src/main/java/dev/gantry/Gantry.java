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
    Thread thread = new Thread(Gantry::beginAhead, "gantry-ahead");
    thread.setDaemon(true);
    thread.start();
    Quarkus.run(args);
  }

  private static void beginAhead() {
    // The first look for what is in no jar opens them all, some three hundred.
    Gantry.class.getClassLoader().getResource("META-INF/in-no-jar");
    // The first Kafka client asks for it.
    ManagementFactory.getPlatformMBeanServer();
  }
}
