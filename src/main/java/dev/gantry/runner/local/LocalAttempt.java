package dev.gantry.runner.local;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.runner.ArtifactRefusedException;
import dev.gantry.runner.Attempt;
import dev.gantry.runner.AttemptEnd;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.Serial;
import dev.gantry.runner.masking.Mask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One program from its start, or its adoption, to its end. All that happens to it is handled one
 * after the other by its {@link Serial}, on whatever thread it happens.
 */
final class LocalAttempt implements Attempt, Ticker.Watched {
  /** Between the termination signal and the kill of a program that ran too long. */
  private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(5);

  /** What a shell takes, at the least, from being told to the program's begin. */
  private static final Duration BEGINNING = Duration.ofMillis(5);

  private AttemptRequest request;
  private final AttemptDirectory directory;
  private final AttemptListener listener;
  private final LocalResources resources;
  private final Serial serial = new Serial();
  private final Pace pace = new Pace(System.nanoTime());
  private AttemptLog log;
  private Mask mask;
  private Instant startedAt;
  private Supervisor supervisor;
  private ProcessTree tree;
  private ScheduledFuture<?> timer;
  private Stop stop;
  private WorkingDirectory workingDirectory;

  /** Why a file that the step wants does not hold the output, or is not kept; else null. */
  private String notKept;

  /** What is done once its files are kept; null unless they are being sent. */
  private Runnable whenKept;

  private boolean over;
  private volatile boolean adopted;

  LocalAttempt(AttemptRequest request, AttemptListener listener, LocalResources resources) {
    this.request = request;
    this.directory = new AttemptDirectory(resources.root(), request.key());
    this.listener = listener;
    this.resources = resources;
  }

  /** Starts the program, unless a process before this one did. */
  void begin() {
    if (!request.step().wantsArtifacts() || directory.hasBegun()) {
      serial.run(this::tryToStart);
      return;
    }
    resources
        .artifacts()
        .restore(request.key(), resources.work(request).path())
        .whenCompleteAsync(
            (done, failure) -> serial.run(() -> restored(failure)), resources.workers());
  }

  private void restored(Throwable failure) {
    if (over || resources.closed()) {
      return;
    }
    if (failure instanceof ArtifactRefusedException refused) {
      couldNotStart(refused.outcome(), refused.getMessage());
    } else if (failure != null) {
      couldNotStart(Outcome.INFRASTRUCTURE, failure.toString());
    } else {
      tryToStart();
    }
  }

  private void tryToStart() {
    try {
      start();
    } catch (IllegalArgumentException e) {
      couldNotStart(Outcome.FAILED, e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      couldNotStart(Outcome.INFRASTRUCTURE, "could not be started: " + e.getMessage());
    }
  }

  private void start() throws IOException {
    boolean begun = directory.hasBegun();
    if (begun) {
      request = request.with(directory.grants());
    } else {
      request = resources.work(request).prepare(request);
    }
    Launch launch = resources.launch(request, directory);
    workingDirectory = launch.directory();
    mask = Mask.of(request.grants().secretValues());
    if (begun) {
      adopt(launch.notes());
      return;
    }
    directory.create();
    if (!request.grants().equals(StepGrants.NONE)) {
      directory.keepGrants(request.grants());
    }
    launch.directory().prepare();
    Instant now = Instant.now();
    supervisor = resources.launcher().start(launch, directory, () -> serial.run(this::ended));
    begun(supervisor.pid(), now, launch.notes());
  }

  private void couldNotStart(Outcome outcome, String error) {
    over = true;
    listener.ended(AttemptEnd.neverStarted(outcome, error, Instant.now()));
  }

  private void adopt(List<String> notes) {
    adopted = true;
    stop = directory.stop().orElse(null);
    long pid = directory.supervisor().map(SupervisorId::pid).orElse(0L);
    begun(pid, directory.startedAt(), notes);
    if (stop != null) {
      scheduleKill();
    }
    if (!lives()) {
      ended();
    }
  }

  private void begun(long pid, Instant at, List<String> notes) {
    startedAt = at;
    tree = new ProcessTree(pid, resources.launcher().groups());
    log = new AttemptLog(request, directory, notes, mask, resources, serial);
    listener.started(at);
    resources.ticker().add(this);
    long timeout = request.step().timeoutMillis();
    if (timeout > 0 && stop == null) {
      schedule(this::timedOut, at.plusMillis(timeout));
    }
    if (adopted) {
      log.pump();
    }
  }

  private boolean lives() {
    return directory.exitCode().isEmpty()
        && directory.supervisor().filter(each -> each.isAlive(startedAt)).isPresent();
  }

  @Override
  public void tick(long nanoTime) {
    if (!pace.looksAt(nanoTime)) {
      return;
    }
    boolean grown = log.hasGrown();
    if (grown) {
      pace.grew(nanoTime);
    }
    if (grown || adopted) {
      resources.workers().execute(() -> serial.run(this::look));
    }
  }

  private void look() {
    if (over || resources.closed()) {
      return;
    }
    if (adopted && !lives()) {
      ended();
    } else {
      log.pump();
    }
  }

  private void timedOut() {
    stop(
        Outcome.TIMED_OUT,
        "ran longer than its timeout of " + request.step().timeoutMillis() + " ms",
        TIMEOUT_GRACE);
  }

  @Override
  public void cancel(String reason, Duration grace) {
    serial.run(() -> stop(Outcome.CANCELLED, reason, grace));
  }

  @Override
  public void leave() {
    throw new UnsupportedOperationException("a process of this host is this runner's alone");
  }

  private void stop(Outcome outcome, String reason, Duration grace) {
    if (whenKept != null) {
      // The program has ended; what it left is waited for no longer.
      stop = stop == null ? new Stop(outcome, Instant.now(), reason) : stop;
      kept(null);
    }
    if (over || stop != null || resources.closed()) {
      return;
    }
    if (startedAt == null) {
      couldNotStart(outcome, reason);
      return;
    }
    if (supervisor != null && directory.supervisor().isEmpty()) {
      // A signal would hit the shell that is about to begin the program, and be lost.
      CompletableFuture.delayedExecutor(
              BEGINNING.toMillis(), TimeUnit.MILLISECONDS, resources.workers())
          .execute(() -> serial.run(() -> stop(outcome, reason, grace)));
      return;
    }
    if (!lives() || (supervisor != null && !supervisor.retire())) {
      return;
    }
    stop = new Stop(outcome, Instant.now().plus(grace), reason);
    directory.keepStop(stop);
    cancelTimer();
    if (grace.isZero()) {
      tree.kill();
    } else {
      String signal = request.step().signal();
      tree.terminate(signal == null ? "TERM" : signal);
      scheduleKill();
    }
  }

  private void scheduleKill() {
    schedule(() -> tree.kill(), stop.killAt());
  }

  private void schedule(Runnable task, Instant at) {
    if (resources.closed()) {
      return;
    }
    long delay = Math.max(0, Duration.between(Instant.now(), at).toMillis());
    timer =
        resources
            .timers()
            .schedule(
                () -> resources.workers().execute(() -> serial.run(() -> unlessOver(task))),
                delay,
                TimeUnit.MILLISECONDS);
  }

  private void unlessOver(Runnable task) {
    if (!over) {
      task.run();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void ended() {
    if (over || resources.closed()) {
      return;
    }
    if (lives()) {
      // Another process had started the program before: this one stood back.
      supervisor = null;
      adopted = true;
      return;
    }
    over = true;
    resources.ticker().remove(this);
    cancelTimer();
    OptionalInt code = directory.exitCode();
    if (code.isEmpty()) {
      tree.kill();
    }
    keepStreams();
    Instant endedAt = endedAt();
    log.end(() -> keepArtifacts(() -> listener.ended(end(code, endedAt))));
  }

  /** Also of a program that has failed: what it left may say why. */
  private void keepArtifacts(Runnable kept) {
    List<String> patterns = request.step().artifacts();
    if (patterns.isEmpty()) {
      kept.run();
      return;
    }
    List<String> filled;
    try {
      filled = patterns.stream().map(request::filled).toList();
    } catch (IllegalArgumentException e) {
      notKept = "artifacts: " + e.getMessage();
      kept.run();
      return;
    }
    whenKept = kept;
    resources
        .artifacts()
        .keep(request.key(), resources.work(request).path(), filled)
        .whenCompleteAsync((done, failure) -> serial.run(() -> kept(failure)), resources.workers());
  }

  private void kept(Throwable failure) {
    Runnable kept = whenKept;
    whenKept = null;
    if (kept != null) {
      notKept = failure == null ? notKept : failure.getMessage();
      kept.run();
    }
  }

  /** Puts what the program has written where the step wants it. */
  private void keepStreams() {
    try {
      workingDirectory.keep(request.filled(request.step().stdout()), directory.out());
      workingDirectory.keep(request.filled(request.step().stderr()), directory.err());
    } catch (IOException | IllegalArgumentException e) {
      notKept = "the output cannot be kept in a file: " + e.getMessage();
    }
  }

  /** A file's time comes from a coarser clock, which may be some milliseconds behind. */
  private Instant endedAt() {
    Instant told = directory.endedAt();
    return told.isBefore(startedAt) ? startedAt : told;
  }

  private AttemptEnd end(OptionalInt code, Instant endedAt) {
    Output output = Output.of(directory.out(), mask, request.step().outputLimit());
    return new AttemptEnd(
        outcome(code),
        code.isPresent() ? code.getAsInt() : null,
        error(code),
        output.text(),
        output.truncated(),
        log.lines(),
        log.digest(),
        startedAt,
        endedAt);
  }

  private Outcome outcome(OptionalInt code) {
    if (stop != null) {
      return stop.outcome();
    }
    if (code.isEmpty()) {
      return Outcome.INFRASTRUCTURE;
    }
    return code.getAsInt() == 0 && notKept == null ? Outcome.COMPLETED : Outcome.FAILED;
  }

  private String error(OptionalInt code) {
    String explained = ExitCode.explain(code);
    return Optional.ofNullable(stop)
        .map(Stop::reason)
        .orElse(explained == null ? notKept : explained);
  }
}
