package dev.gantry.sources;

import dev.gantry.sources.GitRepository.Snapshot;
import dev.gantry.workflows.DefinitionFile;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Reads every definition below a path of a commit. Nothing of the repository is run. Blocks. */
final class RepositoryScan {
  private static final Pattern DEFINITION = Pattern.compile("(?i).*\\.(ya?ml|json)");

  private final Findings findings = new Findings();
  private boolean any;

  private RepositoryScan() {}

  /** What the commit defines, in the order of the files' paths. */
  static Findings read(Snapshot snapshot, SourceConfig config) throws IOException {
    RepositoryScan scan = new RepositoryScan();
    List<String> passedOver = SourceFiles.walk(snapshot, config, scan::isWanted, scan::visit);
    if (!scan.any) {
      throw SourceAddress.invalid("has nothing at '" + snapshot.address().path() + "'");
    }
    passedOver.forEach(file -> scan.findings.error(file, "file", tooLarge(config)));
    return scan.findings;
  }

  private static String tooLarge(SourceConfig config) {
    return "is larger than %d bytes (gantry.sources.max-file-bytes), and not read"
        .formatted(config.maxFileBytes());
  }

  private boolean isWanted(String file) {
    any = true;
    return DEFINITION.matcher(file).matches();
  }

  private void visit(String file, String text) {
    findings.add(file, DefinitionFile.read(text), text);
  }
}
