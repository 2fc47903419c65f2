package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import java.io.IOException;

/** Reads commands, and refuses those that no runner could ever carry out. */
final class CommandReader {
  private CommandReader() {}

  /**
   * @throws IOException when it is no command; the message says why, for the dead letter
   */
  static RunnerCommand read(byte[] json) throws IOException {
    if (json == null) {
      throw new IOException("the record is empty");
    }
    RunnerCommand command = ProtocolJson.read(json, RunnerCommand.class);
    if (command == null || command.executionId() == null) {
      throw new IOException("the command names no execution");
    }
    if (command instanceof RunSteps run && (run.steps() == null || run.steps().isEmpty())) {
      throw new IOException("the command names no steps");
    }
    if (command instanceof RunSteps run && run.logPartition() < 0) {
      throw new IOException("the command names no partition for its log");
    }
    if (command instanceof CancelSteps cancel && cancel.attempts() == null) {
      throw new IOException("the command names no attempts");
    }
    if (command instanceof HoldSteps hold && hold.attempts() == null) {
      throw new IOException("the command names no attempts");
    }
    return command;
  }
}
