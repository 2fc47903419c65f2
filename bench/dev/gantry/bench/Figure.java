package dev.gantry.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One promised figure. It gets a fresh Gantry of its own, warms it up once and is then run as often
 * as asked. Blocks; whatever Gantry does wrong on the way is a {@link WrongResultException}.
 */
interface Figure extends Closeable {
  /** Its name in the list of figures, as {@code P1}. */
  String id();

  /** What is measured, in a few words. */
  String what();

  /** What a run finds, in the order of the report. */
  List<Measure> measures();

  /** What Gantry is started with beside ports and data. */
  default List<String> arguments() {
    return List.of();
  }

  /** What Gantry's environment has beside the bench's own. */
  default Map<String, String> environment() throws IOException {
    return Map.of();
  }

  /** Loads Gantry until its code is compiled and its caches are filled; nothing of it counts. */
  void warmUp(Gantry gantry) throws IOException, InterruptedException;

  /** Measures once: a value for each measure. */
  Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException;

  /** Ends what it has started beside Gantry. */
  @Override
  default void close() throws IOException {}
}
