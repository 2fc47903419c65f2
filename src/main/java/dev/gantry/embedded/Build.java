package dev.gantry.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the built application and the servers' class paths lie.
 *
 * @param target the build's folder
 */
record Build(Path target) {
  private static final int FIRST_WITH_CACHE = 25;
  private static final boolean RECORDS = Boolean.getBoolean("gantry.aot.record");

  static Build current() {
    return new Build(Path.of(System.getProperty("gantry.build.directory")));
  }

  Path kafka() {
    return target.resolve("embedded/kafka");
  }

  Path application() {
    return target.resolve("quarkus-app/quarkus-run.jar");
  }

  /** How long a process may take to end: longer when it writes a cache at its end. */
  Duration patience() {
    return RECORDS ? Duration.ofMinutes(5) : Duration.ofSeconds(5);
  }

  /**
   * Flags with which a Java from 25 on uses what an earlier run recorded, and so starts in half the
   * time; none where nothing was recorded.
   *
   * @param program names the recording
   */
  List<String> startFlags(String program) {
    Path cache = target.resolve("aot-" + Runtime.version().feature()).resolve(program + ".aot");
    if (RECORDS) {
      return List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot*=off");
    }
    return Files.exists(cache) && Runtime.version().feature() >= FIRST_WITH_CACHE
        ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off")
        : List.of();
  }

  List<String> applicationFlags() {
    List<String> flags = new ArrayList<>(startFlags("application"));
    flags.add("-Xmx256m");
    flags.add("-XX:+UseSerialGC");
    // The optimizing compiler competes with the work on a small machine: see the first decision.
    flags.add("-XX:TieredStopAtLevel=1");
    flags.add("-XX:+ExitOnOutOfMemoryError");
    // What the jar's manifest opens, which counts only for java -jar.
    for (String opened : List.of("java.lang", "java.nio", "jdk.internal.misc")) {
      flags.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
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
