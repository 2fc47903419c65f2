package dev.gantry.sources;

import dev.gantry.http.ApiException;
import dev.gantry.sources.GitRepository.Snapshot;
import dev.gantry.sources.WorkflowSource.Fetched;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the workflow that an address means among the files of a commit. Blocks. */
final class WorkflowFiles {
  private static final int NAMED = 20;
  private static final Pattern DEFINITION = Pattern.compile("(?i).*\\.(ya?ml|json)");
  private static final Pattern STEPS = Pattern.compile("(?m)^\\s*[\"']?steps[\"']?\\s*:");
  private static final Pattern USUAL = Pattern.compile("workflow\\.(ya?ml|json)");

  private final Snapshot snapshot;
  private final TreeSet<String> found = new TreeSet<>();

  /** The best so far: one text at most is kept, however many files there are. */
  private Fetched best;

  private WorkflowFiles(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** The file at the path itself; else {@code workflow.yaml} below it; else the only workflow. */
  static Fetched pick(Snapshot snapshot, SourceConfig config) throws IOException {
    WorkflowFiles files = new WorkflowFiles(snapshot);
    List<String> passedOver =
        SourceFiles.walk(
            snapshot, config, file -> DEFINITION.matcher(file).matches(), files::visit);
    return files.picked(passedOver, config);
  }

  private void visit(String file, String text) {
    if (STEPS.matcher(text).find()) {
      found.add(file);
      if (best == null || rank(file) < rank(best.file())) {
        best = new Fetched(text, snapshot.commit().name(), file);
      }
    }
  }

  private int rank(String file) {
    String path = snapshot.address().path();
    if (file.equals(path)) {
      return 0;
    }
    String name = path.isEmpty() ? file : file.substring(path.length() + 1);
    return USUAL.matcher(name).matches() ? 1 : 2;
  }

  private Fetched picked(List<String> passedOver, SourceConfig config) {
    if (best == null) {
      throw none(passedOver, config);
    }
    if (found.size() > 1 && rank(best.file()) == 2) {
      throw SourceAddress.invalid("holds several workflows; name one of: " + names(found));
    }
    return best;
  }

  private ApiException none(List<String> passedOver, SourceConfig config) {
    String path = snapshot.address().path();
    String error = "holds no workflow" + (path.isEmpty() ? "" : " at '" + path + "'");
    return SourceAddress.invalid(
        passedOver.isEmpty()
            ? error
            : "%s; larger than %d bytes (gantry.sources.max-file-bytes): %s"
                .formatted(error, config.maxFileBytes(), names(passedOver)));
  }

  private static String names(Collection<String> files) {
    String first = files.stream().limit(NAMED).collect(Collectors.joining(", "));
    return files.size() > NAMED ? first + " …" : first;
  }
}
