package dev.gantry.artifacts;

import java.time.Instant;

/**
 * A file that an attempt of a step has kept.
 *
 * @param size in bytes
 * @param sha256 of its content, in 64 hexadecimal digits
 * @param executable it is a program
 * @param storeKey its key in the object store; null = it lies in the database
 */
record Artifact(
    ArtifactId id,
    String stepName,
    long size,
    String sha256,
    boolean executable,
    String storeKey,
    Instant keptAt) {
  String path() {
    return id.path();
  }
}
