package dev.gantry.runner.local;

import dev.gantry.runner.disk.AttemptDirectory;
import dev.gantry.runner.disk.PrivateFile;
import java.io.IOException;
import java.util.List;

/** Starts programs so that they outlive the runner. May block for about a millisecond. */
final class ProcessLauncher {
  private static final List<String> OUTPUT_BY_NAME =
      List.of("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd");

  private final Supervisors supervisors;

  ProcessLauncher(Supervisors supervisors) {
    this.supervisors = supervisors;
  }

  /** Whether programs get a process group of their own, led by their supervisor. */
  boolean groups() {
    return supervisors.groups();
  }

  /**
   * Starts the program; its directory must be prepared.
   *
   * @param ended called on any thread when the program has ended, or its supervisor has
   * @throws IOException when the host refuses
   */
  Supervisor start(Launch launch, AttemptDirectory attempt, Runnable ended) throws IOException {
    if (launch.script() != null) {
      PrivateFile.write(attempt.script(), launch.script());
    }
    PrivateFile.write(attempt.run(), RunFile.of(launch));
    boolean byName = OUTPUT_BY_NAME.stream().anyMatch(launch::mentions);
    return supervisors.run(byName ? "pipes" : "files", attempt.path(), ended);
  }
}
