package dev.gantry.runner.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

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
      write(attempt.script(), launch.script());
    }
    write(attempt.run(), RunFile.of(launch));
    boolean byName = OUTPUT_BY_NAME.stream().anyMatch(launch::mentions);
    return supervisors.run(byName ? "pipes" : "files", attempt.path(), ended);
  }

  /** Readable to nobody else, and executable for a {@code shell} such as {@code bash -c}. */
  static void write(Path file, String script) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(file, privateToOwner());
      Files.writeString(file, script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileAttribute<?>[] privateToOwner() {
    Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
