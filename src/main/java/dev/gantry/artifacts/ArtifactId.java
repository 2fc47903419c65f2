package dev.gantry.artifacts;

import java.util.UUID;

/**
 * What an artifact is known by.
 *
 * @param execution the one that the attempt belongs to
 * @param path in its work directory
 */
record ArtifactId(UUID execution, int step, int attempt, String path) {
  /** In the object store. */
  String storeKey() {
    return "executions/" + execution + "/" + step + "-" + attempt + "/" + path;
  }
}
