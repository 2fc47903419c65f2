package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code gantry run} shows while it follows. Safe from two threads. */
interface Screen {
  void started(JsonNode execution);

  /** A step's status is another than before. */
  void step(JsonNode step);

  void line(JsonNode line);

  /** The execution as it ended. */
  void summary(JsonNode execution);
}
