package dev.gantry.workflows;

import java.util.ArrayList;
import java.util.List;

/** Reads which files of a step are kept: paths in the work directory, or patterns of paths. */
final class ArtifactsReader {
  private ArtifactsReader() {}

  static List<String> read(Field artifacts) {
    List<String> patterns = new ArrayList<>();
    if (artifacts == null) {
      return patterns;
    }
    for (Field each : artifacts.oneOrMore()) {
      String pattern = each.text();
      if (pattern != null && each.leadsIntoTheWorkDirectory(pattern)) {
        patterns.add(pattern);
      }
    }
    return patterns;
  }
}
