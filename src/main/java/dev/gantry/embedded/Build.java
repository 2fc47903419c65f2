package dev.gantry.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the built application and the servers' class paths lie.
 *
 * @param target the build's folder
 */
record Build(Path target) {
  static Build current() {
    return new Build(Path.of(System.getProperty("gantry.build.directory")));
  }

  Path kafka() {
    return target.resolve("embedded/kafka");
  }

  Path application() {
    return target.resolve("quarkus-app/quarkus-run.jar");
  }

  List<String> applicationFlags() {
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx256m");
    flags.add("-XX:+UseSerialGC");
    flags.add("-XX:+ExitOnOutOfMemoryError");
    flags.add("-Xshare:auto");
    // Spawning a step's process without a helper process in between saves a millisecond.
    flags.add("-Djdk.lang.Process.launchMechanism=VFORK");
    flags.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    String more = System.getenv("GANTRY_JAVA_OPTS");
    if (more != null && !more.isBlank()) {
      flags.addAll(List.of(more.trim().split("\\s+")));
    }
    return flags;
  }

  boolean exists() {
    return Files.exists(application());
  }
}
