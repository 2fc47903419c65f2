package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What is known of a turn that has not ended. Event loop, never blocks. */
public interface TurnNews {
  /**
   * @param owner who is to act next: {@code engine}, {@code approver}, {@code model NAME} …
   * @param reason what it waits for, as a sentence without its end
   * @param deadline when somebody else acts without the owner; null = when the execution times out
   */
  record News(String owner, String reason, Instant deadline) {}

  /** Empty when nothing is known. */
  Uni<Optional<News>> of(UUID execution);
}
