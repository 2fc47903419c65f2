package dev.gantry.runner.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which process supervises a program, told from a later one with the same process id. May block.
 *
 * @param born when its host began it, in the host's own words: no clock that is set has a part in
 *     it; empty where the host does not tell, as one without {@code /proc}
 */
record SupervisorId(long pid, String born) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Of the fields of {@code /proc/<pid>/stat} after the program's name: ticks since the boot. */
  private static final int START = 19;

  /** The clock that tells when a process began is coarse. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** Reads what a supervisor has written of itself: its process id, and perhaps its birth. */
  static SupervisorId parse(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? new SupervisorId(Long.parseLong(line), "")
        : new SupervisorId(
            Long.parseLong(line.substring(0, space)), line.substring(space + 1).strip());
  }

  /**
   * Whether it lives.
   *
   * @param begunAt when it began the program: where the host tells nothing better, a process that
   *     began later is another one
   */
  boolean isAlive(Instant begunAt) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      return false;
    }
    return born.isEmpty()
        ? process
            .get()
            .info()
            .startInstant()
            .map(started -> started.isBefore(begunAt.plus(SLACK)))
            .orElse(true)
        : birth(pid).equals(Optional.of(born));
  }

  /** Empty when there is no such process by now, or the host does not tell. */
  static Optional<String> birth(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(fields[START] + " " + Files.readString(BOOT).strip());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
