package dev.gantry.runner.docker;

import dev.gantry.runner.disk.OutputFiles;
import dev.gantry.runner.disk.WorkDirectory;
import dev.gantry.runner.disk.WorkingDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where a program runs in its container. Below {@link #WORK} it is on this host, too, and a link
 * that a program has left there is not followed out of it. May block.
 *
 * @param path in the container
 * @param work the execution's work directory on this host
 */
record ContainerDirectory(Path path, WorkDirectory work) implements OutputFiles {
  /** Where every container has the work directory of its execution. */
  static final Path WORK = Path.of("/work");

  /**
   * @param dir as the step names it, or null
   * @throws IllegalArgumentException when it is relative and leads out of the work directory
   */
  static ContainerDirectory of(String dir, WorkDirectory work) {
    return new ContainerDirectory(WorkingDirectory.of(dir, WORK).path(), work);
  }

  /** Makes it, when it lies in the work directory. */
  void prepare() throws IOException {
    Files.createDirectories(work.path());
    if (path.startsWith(WORK) && !path.equals(WORK)) {
      Files.createDirectories(onHost(path));
    }
  }

  @Override
  public void keep(String file, File written) throws IOException {
    if (file == null || file.isBlank()) {
      return;
    }
    Path target = onHost(path.resolve(file).normalize());
    Files.createDirectories(target.getParent());
    Files.copy(written.toPath(), target, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path onHost(Path inContainer) throws IOException {
    if (!inContainer.startsWith(WORK)) {
      throw new IllegalArgumentException(
          inContainer + " is not below " + WORK + ": it would be gone with the container");
    }
    return work.inside(WORK.relativize(inContainer).toString());
  }
}
