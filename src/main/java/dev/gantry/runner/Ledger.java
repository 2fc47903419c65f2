package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * What a runner must still know after it was killed. Each write is there for the next process when
 * the method returns (not necessarily after a power failure: then no program runs either). May
 * block; failures are {@link java.io.UncheckedIOException}.
 */
public interface Ledger {
  /**
   * Where a command was read: what Kafka says of it can be asked by that.
   *
   * @param partition of the runner's topic of commands
   */
  record Place(int partition, long offset) {}

  /** A command which may be another process's to run. */
  record Offer(RunSteps command, Place place) {}

  /** Its own name: the same for all processes that use it one after another, and no other's. */
  String id();

  /**
   * Whether all processes of the runner have it in common, wherever they are. Then what is owned
   * goes to whoever is given its partition, and nothing is left unsettled.
   */
  default boolean isShared() {
    return false;
  }

  /**
   * Keeps a command of which it is not known yet whether it is to be run here.
   *
   * @param atOnce whether it is begun as soon as that is known; else it waits, for how long nobody
   *     knows
   * @return completes when it is kept; fails with a {@link CommandRefusedException} when it cannot
   *     be run here, and with anything else when it is to be offered again
   */
  CompletionStage<Void> offer(RunSteps command, Place place, boolean atOnce);

  /** What was offered is another process's. */
  void disown(RunSteps command);

  /** What was offered is to be run here, by this process or one after it. */
  void own(RunSteps command);

  /** Keeps what is left of a command, offered or owned, in place of what was. */
  void keep(RunSteps command);

  /** The command's last report is acknowledged, or it is given back. */
  void release(RunSteps command);

  /** The commands that a process before this one owned and did not release; none if shared. */
  List<RunSteps> owned();

  /**
   * What of a command is still waited for.
   *
   * @param isWhole its first step is; else what is left, whose variables the engine alone knows
   */
  record Rest(RunSteps command, int partition, boolean isWhole) {}

  /**
   * If shared: the commands of these partitions of which something is still waited for. Asks for as
   * long as it takes; interrupt the thread to give up.
   */
  default List<Rest> owned(Set<Integer> partitions) throws InterruptedException {
    return List.of();
  }

  /** The commands of which a process before this one did not come to know whose they are. */
  List<Offer> offered();

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
