package dev.gantry.runner;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;

/** Where attempts run: host processes, containers, Kubernetes Jobs. All methods may block. */
public interface Backend extends AutoCloseable {
  /** What this backend remembers beyond the life of the runner's process. */
  Ledger ledger();

  /**
   * Whether what an attempt was granted lies with it. Otherwise it is asked for again when the
   * attempt is adopted.
   */
  default boolean keepsGrants() {
    return true;
  }

  /** Whether the attempt was ever handed to {@link #run}, by this process or one before. */
  boolean holds(AttemptKey key);

  /**
   * Starts the attempt, or adopts it when it was started before: by name, never twice. The listener
   * may be called before this returns. What goes wrong is told as an end, not thrown.
   */
  Attempt run(AttemptRequest request, AttemptListener listener);

  /**
   * Removes what is left of executions of which nothing happened since {@code before}.
   *
   * @param active executions that must be left alone
   */
  void sweep(Predicate<UUID> active, Instant before);

  /** What there is to run attempts with, and how much of it is in use. */
  Load load();

  /** Stops following; what runs goes on running and is adopted by the next process. */
  @Override
  void close();
}
