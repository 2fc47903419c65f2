package dev.gantry.runner.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a program runs.
 *
 * @param own below the execution's work directory, and made when it is not there
 */
record WorkingDirectory(Path path, boolean own) {
  /**
   * @param dir as the step names it, or null
   * @throws IllegalArgumentException when it is relative and leads out of {@code work}
   */
  static WorkingDirectory of(String dir, Path work) {
    if (dir == null || dir.isBlank()) {
      return new WorkingDirectory(work, true);
    }
    try {
      Path path = work.resolve(dir).normalize();
      boolean own = path.startsWith(work);
      if (!own && !Path.of(dir).isAbsolute()) {
        throw new IllegalArgumentException(
            "dir " + dir + " leads out of the execution's work directory");
      }
      return new WorkingDirectory(path, own);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("dir is no path: " + e.getMessage(), e);
    }
  }

  /**
   * @throws IllegalArgumentException when it is not there and not ours to make
   */
  void prepare() {
    if (path.toFile().isDirectory()) {
      return;
    }
    if (!own) {
      throw new IllegalArgumentException("dir " + path + " is not a directory on this host");
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
