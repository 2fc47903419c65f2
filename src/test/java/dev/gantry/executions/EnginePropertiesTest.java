package dev.gantry.executions;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What holds for every workflow, whatever fails, is cancelled, comes twice or never. */
class EnginePropertiesTest {
  /** A seed stands for a whole story, so that a smaller one tells nothing more. */
  @Property(tries = 5000, shrinking = ShrinkingMode.OFF)
  void everyExecutionConverges(@ForAll long seed) {
    new RandomExecution(seed).runToItsEnd();
  }
}
