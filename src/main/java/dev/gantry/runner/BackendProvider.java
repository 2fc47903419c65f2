package dev.gantry.runner;

import java.util.concurrent.Executor;

/** Makes the backend that {@code gantry.runner.backend} names. */
public interface BackendProvider {
  String name();

  /**
   * @param runner whose steps it runs
   * @param records asked of attempts that another process has begun
   * @param grants asked for what a step is granted before its first step is kept, where what is
   *     kept depends on that
   * @param workers runs short blocking work
   * @throws IllegalStateException when it may not be used here; the message says what to do
   */
  Backend open(
      RunnerName runner,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers);
}
