package dev.gantry.runner.kubernetes;

import dev.gantry.runner.container.Places;
import java.nio.file.Path;

/**
 * Where a pod has what other containers have not. Writable for the step, whoever its user is: the
 * work directory, its home and {@code /tmp}.
 */
final class PodPlaces {
  static final Path HOME = Path.of("/home/gantry");

  /** Of Gantry's own: the script and what runs it. */
  static final Path STEP = Places.OWN.resolve("step");

  static final Path OUTPUT = Places.OWN.resolve("output");

  private PodPlaces() {}
}
