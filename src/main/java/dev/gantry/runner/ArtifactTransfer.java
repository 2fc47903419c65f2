package dev.gantry.runner;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the files that attempts keep go, and where those come from that steps before have kept: the
 * API. All methods block for as long as it takes; interrupt the thread to give up.
 */
public interface ArtifactTransfer {
  /**
   * A file that a step before has kept.
   *
   * @param path in the work directory, with slashes
   * @param sha256 of its content, in 64 hexadecimal digits
   * @param url where its content is; empty = at the API
   */
  record Wanted(String path, long size, String sha256, boolean executable, String url) {}

  /**
   * Stores a file; harmless when that was done before. An API that is away is asked for an hour:
   * what a program has made is not lost by that.
   *
   * @param path in the work directory, with slashes
   * @throws ArtifactRefusedException when it will not be stored
   */
  void keep(AttemptKey key, String path, Path file) throws InterruptedException;

  /**
   * What is to be in the work directory before the program begins. An API that is away is asked for
   * a few minutes.
   *
   * @throws ArtifactRefusedException when there is no answer
   */
  List<Wanted> wanted(AttemptKey key) throws InterruptedException;

  /**
   * Writes the content of one of them to a file.
   *
   * @throws ArtifactRefusedException when it cannot be had
   */
  void fetch(AttemptKey key, Wanted wanted, Path target) throws InterruptedException;
}
