package dev.gantry.runner.disk;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where a program runs.
 *
 * @param own below the execution's work directory, and made when it is not there
 */
public record WorkingDirectory(Path path, boolean own) implements OutputFiles {
  /**
   * @param dir as the step names it, or null
   * @throws IllegalArgumentException when it is relative and leads out of {@code work}
   */
  public static WorkingDirectory of(String dir, Path work) {
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

  /** One that is relative lies in here. */
  @Override
  public void keep(String file, File written) throws IOException {
    if (file == null || file.isBlank()) {
      return;
    }
    Path target = path.resolve(file).normalize();
    if (!target.startsWith(path) && !Path.of(file).isAbsolute()) {
      throw new IllegalArgumentException(file + " leads out of the working directory");
    }
    if (target.getParent() != null) {
      Files.createDirectories(target.getParent());
    }
    Files.copy(written.toPath(), target, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * @throws IllegalArgumentException when it is not there and not ours to make
   */
  public void prepare() {
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
