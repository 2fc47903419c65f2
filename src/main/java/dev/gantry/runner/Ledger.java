package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a runner must still know after it was killed. Each write is there for the next process when
 * the method returns (not necessarily after a power failure: then no program runs either). May
 * block; failures are {@link java.io.UncheckedIOException}.
 */
public interface Ledger {
  /** Keeps a command that was handed over, until it is released. Keeping it again is harmless. */
  void keep(RunSteps command);

  /** The command's last report is acknowledged. */
  void release(RunSteps command);

  /** The commands that a process before this one kept and did not release. */
  List<RunSteps> kept();

  /** Whether anything of this execution was ever handed over here and is not yet swept. */
  boolean remembers(UUID executionId);

  /** Keeps a cancellation for all its attempts, known or not. */
  void keep(CancelSteps cancel);

  /** The cancellation kept for this attempt. */
  Optional<CancelSteps> cancelOf(AttemptKey key);

  /** Keeps the report of an attempt, before it is sent for the first time. */
  void keep(StepFinished report);

  /** The report kept for this attempt. */
  Optional<StepFinished> reportOf(AttemptKey key);
}
