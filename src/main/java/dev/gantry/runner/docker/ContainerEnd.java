package dev.gantry.runner.docker;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.disk.ExitCode;
import dev.gantry.runner.disk.ProgramEnd;

/** What the end of a container says to a person; pure. */
final class ContainerEnd {
  private static final int SIGNALLED = 128;
  private static final int NOT_KNOWN = 255;
  private static final long MEGABYTE = 1 << 20;

  private ContainerEnd() {}

  /**
   * @param memory the limit, in bytes; 0 = none
   * @param daemonWasAway the daemon did not answer while it ran: it may have ended it
   */
  static ProgramEnd of(ContainerState state, long memory, boolean daemonWasAway) {
    int code = (int) state.exitCode();
    if (code == 0) {
      return new ProgramEnd(Outcome.COMPLETED, code, null, state.finishedAt());
    }
    String explained = ExitCode.explain(code);
    if (state.outOfMemory()) {
      return failed(state, explained + ": out of memory" + limit(memory));
    }
    if (daemonWasAway && (code > SIGNALLED || code == NOT_KNOWN)) {
      return new ProgramEnd(
          Outcome.INFRASTRUCTURE,
          code,
          explained + ": the container daemon was stopped or killed while the step was under way",
          state.finishedAt());
    }
    return failed(state, explained);
  }

  private static ProgramEnd failed(ContainerState state, String error) {
    return new ProgramEnd(Outcome.FAILED, (int) state.exitCode(), error, state.finishedAt());
  }

  private static String limit(long memory) {
    return memory == 0
        ? ""
        : ", the limit is " + memory / MEGABYTE + " MiB (gantry.runner.docker.memory)";
  }
}
