package dev.gantry.sources;

import dev.gantry.sources.GitRepository.Snapshot;
import dev.gantry.sources.WorkflowSource.Fetched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Finds the workflow that an address means among the files of a commit. Blocks. */
final class WorkflowFiles {
  private static final long MAX_FILE = 1 << 20;
  private static final int MAX_FILES = 10_000;
  private static final Pattern DEFINITION = Pattern.compile("(?i).*\\.(ya?ml|json)");
  private static final Pattern STEPS = Pattern.compile("(?m)^\\s*[\"']?steps[\"']?\\s*:");
  private static final Pattern USUAL = Pattern.compile("workflow\\.(ya?ml|json)");

  private WorkflowFiles() {}

  /** The file at the path itself; else {@code workflow.yaml} below it; else the only workflow. */
  static Fetched pick(Snapshot snapshot) {
    try {
      Map<String, String> found = workflows(snapshot);
      String path = snapshot.address().path();
      if (found.containsKey(path)) {
        return fetched(snapshot, found, path);
      }
      String prefix = path.isEmpty() ? "" : path + "/";
      for (String file : found.keySet()) {
        if (file.startsWith(prefix) && USUAL.matcher(file.substring(prefix.length())).matches()) {
          return fetched(snapshot, found, file);
        }
      }
      if (found.size() == 1) {
        return fetched(snapshot, found, found.keySet().iterator().next());
      }
      throw SourceAddress.invalid(
          found.isEmpty()
              ? "holds no workflow" + (path.isEmpty() ? "" : " at '" + path + "'")
              : "holds several workflows; name one of: " + String.join(", ", found.keySet()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a source's files", e);
    }
  }

  private static Fetched fetched(Snapshot snapshot, Map<String, String> found, String file) {
    return new Fetched(found.get(file), snapshot.commit().name(), file);
  }

  private static Map<String, String> workflows(Snapshot snapshot) throws IOException {
    Map<String, String> found = new TreeMap<>();
    String path = snapshot.address().path();
    try (TreeWalk walk = new TreeWalk(snapshot.repository())) {
      walk.addTree(snapshot.commit().getTree());
      walk.setRecursive(true);
      for (int seen = 0; seen < MAX_FILES && walk.next(); seen++) {
        String file = walk.getPathString();
        boolean below = path.isEmpty() || file.equals(path) || file.startsWith(path + "/");
        boolean regular = FileMode.REGULAR_FILE.equals(walk.getRawMode(0));
        if (below && regular && DEFINITION.matcher(file).matches()) {
          String text = text(snapshot, walk.getObjectId(0));
          if (STEPS.matcher(text).find()) {
            found.put(file, text);
          }
        }
      }
    }
    return found;
  }

  private static String text(Snapshot snapshot, ObjectId blob) throws IOException {
    ObjectLoader loader = snapshot.repository().open(blob);
    return loader.getSize() > MAX_FILE
        ? ""
        : new String(loader.getCachedBytes(), StandardCharsets.UTF_8);
  }
}
