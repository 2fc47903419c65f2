package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.ArtifactRefusedException;
import dev.gantry.workflows.PathPattern;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a work directory that a step keeps. Links are not followed: what they lead to may be
 * anybody's. Blocks.
 */
final class KeptFiles {
  /** A pattern that takes a whole tree of modules along is a mistake. */
  static final int MOST = 1_000;

  private KeptFiles() {}

  /**
   * By path in the work directory, with slashes, in order.
   *
   * @throws ArtifactRefusedException for a pattern that nothing matches, or too much
   */
  static Map<String, Path> in(Path work, List<String> patterns) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    for (String pattern : patterns) {
      boolean found = collect(work, pattern, files);
      if (!found) {
        throw refused("nothing in the work directory matches '" + pattern + "'");
      }
      if (files.size() > MOST) {
        throw refused(
            "'"
                + pattern
                + "' matches too much: a step keeps up to "
                + MOST
                + " files; pack them into one, as with tar");
      }
    }
    return files;
  }

  private static boolean collect(Path work, String text, Map<String, Path> files)
      throws IOException {
    PathPattern pattern = PathPattern.of(text);
    Path base = inside(work, pattern.base());
    if (!Files.exists(base, LinkOption.NOFOLLOW_LINKS)
        || !base.toRealPath().startsWith(work.toRealPath())) {
      return false;
    }
    boolean[] found = new boolean[1];
    Files.walkFileTree(
        base,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = work.relativize(file).toString();
            if (attributes.isRegularFile() && pattern.matches(path)) {
              found[0] = true;
              files.put(path, file);
            }
            return files.size() > MOST ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }
        });
    return found[0];
  }

  /**
   * @throws ArtifactRefusedException for what leads out of it
   */
  static Path inside(Path work, String path) {
    try {
      Path target = work.resolve(path).normalize();
      if (Path.of(path).isAbsolute() || !target.startsWith(work)) {
        throw refused("'" + path + "' leads out of the execution's work directory");
      }
      return target;
    } catch (InvalidPathException e) {
      throw refused("'" + path + "' is no path: " + e.getReason());
    }
  }

  private static ArtifactRefusedException refused(String why) {
    return new ArtifactRefusedException(Outcome.FAILED, "artifacts: " + why);
  }
}
