package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import java.util.UUID;

/** What is known of a runner, for those who wait for it. Event loop, never blocks. */
public interface RunnerNews {
  /** The end of a sentence about the runner, as {@code is healthy}; never fails for its name. */
  Uni<String> of(UUID organization, String runner);
}
