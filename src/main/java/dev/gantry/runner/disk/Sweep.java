package dev.gantry.runner.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Removes the directories of executions that are over and forgotten. May block for long. */
final class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);
  private static final int UUID_LENGTH = 36;

  private final Path root;

  Sweep(Path root) {
    this.root = root;
  }

  /** An execution's directory is touched whenever an attempt begins or a cancellation comes. */
  void run(Predicate<UUID> active, Instant before) {
    int removed = 0;
    for (Path directory : executions()) {
      UUID id = UUID.fromString(directory.getFileName().toString());
      if (!active.test(id) && directory.toFile().lastModified() < before.toEpochMilli()) {
        removed += remove(directory) ? 1 : 0;
      }
    }
    if (removed > 0) {
      LOG.infof("removed the directories of %d ended executions", removed);
    }
  }

  private List<Path> executions() {
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(path -> isExecution(path.getFileName().toString())).toList();
    } catch (IOException e) {
      LOG.warnf("%s cannot be swept: %s", root, e.getMessage());
      return List.of();
    }
  }

  private static boolean isExecution(String name) {
    try {
      return name.length() == UUID_LENGTH && UUID.fromString(name).toString().equals(name);
    } catch (IllegalArgumentException other) {
      return false;
    }
  }

  /**
   * Deepest first; links are removed and not followed. What a program has left unreadable keeps its
   * own directory and nothing else.
   */
  private static boolean remove(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.warnf("%s cannot be removed: %s", directory, e.getMessage());
      return false;
    }
  }
}
