package dev.gantry.runner.local;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.disk.DiskAttempt;
import dev.gantry.runner.disk.ExitCode;
import dev.gantry.runner.disk.ProgramEnd;
import java.io.IOException;
import java.time.Instant;
import java.util.OptionalInt;

/** A program that is a process of this host, below a {@link Supervisor}. */
final class LocalAttempt extends DiskAttempt {
  private final LocalResources resources;
  private final ProcessFiles files;
  private Supervisor supervisor;
  private ProcessTree tree;
  private volatile boolean adopted;

  LocalAttempt(AttemptRequest request, AttemptListener listener, LocalResources resources) {
    super(request, listener, resources.disk());
    this.resources = resources;
    this.files = new ProcessFiles(directory());
  }

  @Override
  protected void open() {
    if (!files.hasBegun()) {
      prepare();
      return;
    }
    recall();
    Launch launch = resources.launch(request(), directory());
    adopted = true;
    begun(files.supervisor().map(SupervisorId::pid).orElse(0L), files.startedAt(), launch);
    if (!lives()) {
      ended();
    }
  }

  @Override
  protected void start() throws IOException {
    Launch launch = resources.launch(request(), directory());
    directory().create(request().grants());
    launch.directory().prepare();
    Instant now = Instant.now();
    supervisor = resources.launcher().start(launch, directory(), () -> inTurn(this::ended));
    begun(supervisor.pid(), now, launch);
  }

  private void begun(long pid, Instant at, Launch launch) {
    tree = new ProcessTree(pid, resources.launcher().groups());
    begun(at, launch.notes(), launch.directory());
  }

  private boolean lives() {
    return files.exitCode().isEmpty()
        && files.supervisor().filter(each -> each.isAlive(startedAt())).isPresent();
  }

  @Override
  protected boolean looks() {
    return adopted;
  }

  @Override
  protected void look() {
    if (adopted && !lives()) {
      ended();
    }
  }

  @Override
  protected Reach reach() {
    if (supervisor != null && files.supervisor().isEmpty()) {
      // A signal would hit the shell that is about to begin the program, and be lost.
      return Reach.NOT_YET;
    }
    boolean gone = !lives() || (supervisor != null && !supervisor.retire());
    return gone ? Reach.NO_MORE : Reach.YES;
  }

  @Override
  protected void terminate(String signal) {
    tree.terminate(signal);
  }

  @Override
  protected void kill() {
    tree.kill();
  }

  private void ended() {
    if (lives()) {
      // Another process had started the program before: this one stood back.
      supervisor = null;
      adopted = true;
      return;
    }
    OptionalInt code = files.exitCode();
    if (code.isEmpty()) {
      tree.kill();
    }
    ended(end(code));
  }

  private ProgramEnd end(OptionalInt code) {
    if (code.isEmpty()) {
      return new ProgramEnd(
          Outcome.INFRASTRUCTURE,
          null,
          "the process that watches the program was killed; how the program ended is not known",
          files.endedAt());
    }
    int value = code.getAsInt();
    return new ProgramEnd(
        value == 0 ? Outcome.COMPLETED : Outcome.FAILED,
        value,
        ExitCode.explain(value),
        files.endedAt());
  }
}
