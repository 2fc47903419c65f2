package dev.gantry.sources;

import dev.gantry.sources.GitRepository.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/**
 * Walks the files below the path of a snapshot's address, in the order of their paths. Only regular
 * files count: links and submodules are never followed. Bounded in number, depth and bytes; more is
 * an error that names the limit. Blocks.
 */
final class SourceFiles {
  /** What Linux takes; a longer one is made to harm. */
  private static final int MAX_PATH = 4096;

  /** What Git writes into no tree, but a server can. */
  private static final Pattern NO_NAME = Pattern.compile("(?s)|\\.|\\.\\.|.*[/\\x00].*");

  private final Snapshot snapshot;
  private final SourceConfig config;
  private final List<String> passedOver = new ArrayList<>();

  private SourceFiles(Snapshot snapshot, SourceConfig config) {
    this.snapshot = snapshot;
    this.config = config;
  }

  /** Takes one file; what it does not keep is forgotten. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param path in the repository
     */
    void visit(String path, String text);
  }

  /**
   * Shows each file that is wanted to the visitor.
   *
   * @param wanted by path; no other file is opened
   * @return the paths that were wanted but are larger than {@link SourceConfig#maxFileBytes}
   */
  static List<String> walk(
      Snapshot snapshot, SourceConfig config, Predicate<String> wanted, Visitor visitor)
      throws IOException {
    SourceFiles files = new SourceFiles(snapshot, config);
    files.walk(wanted, visitor);
    return files.passedOver;
  }

  private void walk(Predicate<String> wanted, Visitor visitor) throws IOException {
    String below = snapshot.address().path();
    try (TreeWalk walk = new TreeWalk(snapshot.repository())) {
      walk.addTree(snapshot.commit().getTree());
      if (!below.isEmpty()) {
        walk.setFilter(PathFilter.create(below));
      }
      for (int seen = 1; walk.next(); seen++) {
        require(walk, seen);
        if (walk.isSubtree()) {
          enter(walk);
        } else if (FileMode.REGULAR_FILE.equals(walk.getRawMode(0))
            || FileMode.EXECUTABLE_FILE.equals(walk.getRawMode(0))) {
          show(walk, wanted, visitor);
        }
      }
    }
  }

  private void require(TreeWalk walk, int seen) {
    snapshot.budget().check();
    if (seen > config.maxFiles()) {
      throw SourceAddress.invalid(
          "has more than %d files and folders below its path (gantry.sources.max-files)"
              .formatted(config.maxFiles()));
    }
    if (walk.getPathLength() > MAX_PATH) {
      throw SourceAddress.invalid("has a path of more than %d bytes".formatted(MAX_PATH));
    }
    if (NO_NAME.matcher(walk.getNameString()).matches()) {
      throw SourceAddress.invalid(
          "has a file whose name is a path: '" + walk.getNameString() + "'");
    }
  }

  private void enter(TreeWalk walk) throws IOException {
    if (walk.getDepth() + 1 > config.maxDepth()) {
      throw SourceAddress.invalid(
          "has folders more than %d deep (gantry.sources.max-depth)".formatted(config.maxDepth()));
    }
    walk.enterSubtree();
  }

  private void show(TreeWalk walk, Predicate<String> wanted, Visitor visitor) throws IOException {
    String path = walk.getPathString();
    if (!wanted.test(path)) {
      return;
    }
    ObjectLoader file = snapshot.repository().open(walk.getObjectId(0));
    if (file.getSize() > config.maxFileBytes()) {
      passedOver.add(path);
      return;
    }
    snapshot.budget().spend(file.getSize());
    visitor.visit(path, new String(file.getBytes(), StandardCharsets.UTF_8));
  }
}
