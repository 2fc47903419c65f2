package dev.gantry.sources;

import dev.gantry.sources.GitRepository.Snapshot;
import dev.gantry.workflows.DefinitionFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Reads every definition below a path of a commit. Nothing of the repository is run, and a link
 * means nothing. Blocks.
 */
final class RepositoryScan {
  private static final int MAX_FILES = 10_000;
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final Pattern DEFINITION = Pattern.compile("(?i).*\\.(ya?ml|json)");

  private final Snapshot snapshot;
  private final Findings findings = new Findings();
  private boolean any;

  private RepositoryScan(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** What the commit defines, in the order of the files' paths. */
  static Findings read(Snapshot snapshot) {
    try {
      RepositoryScan scan = new RepositoryScan(snapshot);
      scan.files();
      if (!scan.any) {
        throw SourceAddress.invalid("has nothing at '" + snapshot.address().path() + "'");
      }
      return scan.findings;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a source's files", e);
    }
  }

  private void files() throws IOException {
    try (TreeWalk walk = new TreeWalk(snapshot.repository())) {
      walk.addTree(snapshot.commit().getTree());
      walk.setRecursive(true);
      for (int seen = 1; walk.next(); seen++) {
        if (seen > MAX_FILES) {
          throw SourceAddress.invalid("holds more than " + MAX_FILES + " files");
        }
        if (isBelow(walk.getPathString())) {
          any = true;
          file(walk);
        }
      }
    }
  }

  private boolean isBelow(String file) {
    String path = snapshot.address().path();
    return path.isEmpty() || file.equals(path) || file.startsWith(path + "/");
  }

  private void file(TreeWalk walk) throws IOException {
    String file = walk.getPathString();
    if (!FileMode.REGULAR_FILE.equals(walk.getRawMode(0)) || !DEFINITION.matcher(file).matches()) {
      return;
    }
    ObjectLoader loader = snapshot.repository().open(walk.getObjectId(0));
    if (loader.getSize() > MAX_FILE_BYTES) {
      findings.error(file, "file", "is larger than " + MAX_FILE_BYTES + " bytes, and not read");
      return;
    }
    String text = new String(loader.getCachedBytes(), StandardCharsets.UTF_8);
    findings.add(file, DefinitionFile.read(text), text);
  }
}
