package dev.gantry.runner.disk;

import java.io.File;
import java.io.IOException;

/** Where the files are that a step wants what its program writes in. May block. */
public interface OutputFiles {
  /**
   * Copies what a program has written to a file.
   *
   * @param file as the step names it, or null to keep nothing
   * @throws IllegalArgumentException when it cannot lie there
   */
  void keep(String file, File written) throws IOException;
}
