package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepPhases;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One program whose output grows in two files, from its start, or its adoption, to its end. All
 * that happens to it is handled one after the other by its {@link Serial}, on whatever thread it
 * happens; a backend says how the program is started, asked to end and killed, in methods that are
 * called in that turn.
 */
public abstract class DiskAttempt implements Attempt {
  /** Between the termination signal and the kill of a program that ran too long. */
  private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(5);

  /** What it takes a program, at the least, from being told to begin to its begin. */
  private static final Duration BEGINNING = Duration.ofMillis(5);

  /** Whether a program can be asked to end. */
  protected enum Reach {
    YES,
    /** It has been told to begin, and has not: what is sent to it would be lost. */
    NOT_YET,
    /** It has ended. */
    NO_MORE
  }

  private interface Turn {
    void run() throws IOException;
  }

  private final AttemptListener listener;
  private final RunnerDisk disk;
  private final AttemptDirectory directory;
  private final Serial serial = new Serial();
  private final Pace pace = new Pace(System.nanoTime());
  private final Ticker.Watched watched = this::tick;
  private AttemptRequest request;
  private boolean recalled;
  private AttemptLog log;
  private Mask mask;
  private Instant startedAt;
  private ScheduledFuture<?> timer;
  private Stop stop;
  private OutputFiles streams;

  /** Why a file that the step wants does not hold the output, or is not kept; else null. */
  private String notKept;

  /** What is done once its files are kept; null unless they are being sent. */
  private Runnable whenKept;

  private volatile boolean over;

  protected DiskAttempt(AttemptRequest request, AttemptListener listener, RunnerDisk disk) {
    this.request = request;
    this.listener = listener;
    this.disk = disk;
    this.directory = disk.directory(request.key());
  }

  /** Calls {@link #recall} for a program that was started before, {@link #prepare} otherwise. */
  protected abstract void open() throws IOException;

  /**
   * Starts the program, and calls {@link #begun} now or later. What this throws is told as the
   * step's failure when it is an {@link IllegalArgumentException}, as the host's otherwise.
   */
  protected abstract void start() throws IOException;

  protected abstract Reach reach();

  /**
   * Asks the program, and all that it started, to end.
   *
   * @param signal the name, without {@code SIG}
   */
  protected abstract void terminate(String signal);

  protected abstract void kill();

  /** Is to be stopped before it has begun. */
  protected void withdraw(Outcome outcome, String reason, Duration grace) {
    couldNotStart(outcome, reason);
  }

  /** Whether {@link #look} is to be called now and then. Any thread. */
  protected boolean looks() {
    return false;
  }

  /** Finds out whether it has ended, where nobody tells it. */
  protected void look() {}

  /** Starts the program, unless a process before this one did. */
  public final void begin() {
    serial.run(() -> attempt(this::open));
  }

  /** What is to run; after {@link #recall} and in {@link #start} with all that it is granted. */
  protected final AttemptRequest request() {
    return request;
  }

  protected final AttemptDirectory directory() {
    return directory;
  }

  /** When the program began; null before. */
  protected final Instant startedAt() {
    return startedAt;
  }

  /** Nothing is to be done any more: it has ended, or is the next process's. Any thread. */
  protected final boolean isOver() {
    return over || disk.closed();
  }

  /** Runs a task when it is its turn, unless all is over by then. Any thread. */
  protected final void inTurn(Runnable task) {
    serial.run(
        () -> {
          if (!isOver()) {
            task.run();
          }
        });
  }

  /** It was started by a process before this one: learns with what. */
  protected final void recall() {
    recalled = true;
    request = request.with(directory.grants());
    stop = directory.stop().orElse(null);
  }

  /** Puts into the work directory what the step finds there, and then starts it. */
  protected final void prepare() {
    if (!request.step().wantsArtifacts()) {
      attempt(this::prepared);
      return;
    }
    disk.artifacts()
        .restore(request.key(), disk.work(request).path())
        .whenCompleteAsync((done, failure) -> inTurn(() -> restored(failure)), disk.workers());
  }

  private void restored(Throwable failure) {
    if (failure instanceof ArtifactRefusedException refused) {
      couldNotStart(refused.outcome(), refused.getMessage());
    } else if (failure != null) {
      couldNotStart(Outcome.INFRASTRUCTURE, failure.toString());
    } else {
      attempt(this::prepared);
    }
  }

  private void prepared() throws IOException {
    if (directory.exists()) {
      // A process before this one was killed here; what it was granted is not asked for again.
      request = request.with(directory.grants());
    }
    request = disk.work(request).prepare(request);
    start();
  }

  private void attempt(Turn turn) {
    try {
      turn.run();
    } catch (IllegalArgumentException e) {
      couldNotStart(Outcome.FAILED, e.getMessage());
    } catch (IOException | UncheckedIOException e) {
      couldNotStart(Outcome.INFRASTRUCTURE, "could not be started: " + e.getMessage());
    }
  }

  /** It ends without a beginning. */
  protected final void couldNotStart(Outcome outcome, String error) {
    over = true;
    listener.ended(AttemptEnd.neverStarted(outcome, error, Instant.now()));
  }

  /**
   * The program runs, or has run.
   *
   * @param at by this host's clock
   * @param notes what the runner itself says before the program's first line; the same after a
   *     restart
   * @param streams where the step's files for its output are
   */
  protected final void begun(Instant at, List<String> notes, OutputFiles streams) {
    startedAt = at;
    this.streams = streams;
    mask = Mask.of(request.grants().secretValues());
    log = new AttemptLog(request, directory, notes, mask, disk, serial);
    listener.started(at, StepPhases.NONE);
    disk.ticker().add(watched);
    long timeout = request.step().timeoutMillis();
    if (stop != null) {
      scheduleKill();
    } else if (timeout > 0) {
      schedule(this::timedOut, at.plusMillis(timeout));
    }
    if (recalled) {
      log.pump();
    }
  }

  private void tick(long nanoTime) {
    if (!pace.looksAt(nanoTime)) {
      return;
    }
    boolean grown = log.hasGrown();
    if (grown) {
      pace.grew(nanoTime);
    }
    if (grown || looks()) {
      disk.workers().execute(() -> inTurn(this::lookAndPump));
    }
  }

  private void lookAndPump() {
    look();
    if (!over) {
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
  public final void cancel(String reason, Duration grace) {
    serial.run(() -> stop(Outcome.CANCELLED, reason, grace));
  }

  @Override
  public final void leave() {
    throw new UnsupportedOperationException("what runs on this host is this runner's alone");
  }

  /** Ends the program because of {@code reason}; does nothing when that was done before. */
  protected final void stop(Outcome outcome, String reason, Duration grace) {
    if (whenKept != null) {
      // The program has ended; what it left is waited for no longer.
      stop = stop == null ? new Stop(outcome, Instant.now(), reason) : stop;
      kept(null);
    }
    if (isOver() || stop != null) {
      return;
    }
    if (startedAt == null) {
      withdraw(outcome, reason, grace);
      return;
    }
    switch (reach()) {
      case NO_MORE -> {}
      case NOT_YET ->
          CompletableFuture.delayedExecutor(
                  BEGINNING.toMillis(), TimeUnit.MILLISECONDS, disk.workers())
              .execute(() -> serial.run(() -> stop(outcome, reason, grace)));
      case YES -> end(new Stop(outcome, Instant.now().plus(grace), reason), grace);
    }
  }

  private void end(Stop why, Duration grace) {
    stop = why;
    directory.keepStop(stop);
    cancelTimer();
    if (grace.isZero()) {
      kill();
    } else {
      String signal = request.step().signal();
      terminate(signal == null ? "TERM" : signal);
      scheduleKill();
    }
  }

  /** It had ended by itself before it was asked to. */
  protected final void endedBefore() {
    if (stop != null) {
      stop = null;
      directory.forgetStop();
      cancelTimer();
    }
  }

  private void scheduleKill() {
    schedule(this::kill, stop.killAt());
  }

  private void schedule(Runnable task, Instant at) {
    if (disk.closed()) {
      return;
    }
    long delay = Math.max(0, Duration.between(Instant.now(), at).toMillis());
    timer =
        disk.timers()
            .schedule(
                () -> disk.workers().execute(() -> serial.run(() -> unlessOver(task))),
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

  /** The program has ended, and all that it wrote is in its files. */
  protected final void ended(ProgramEnd end) {
    over = true;
    disk.ticker().remove(watched);
    cancelTimer();
    keepStreams();
    log.end(() -> keepArtifacts(() -> listener.ended(told(end))));
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
    disk.artifacts()
        .keep(request.key(), disk.work(request).path(), filled)
        .whenCompleteAsync((done, failure) -> serial.run(() -> kept(failure)), disk.workers());
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
      streams.keep(request.filled(request.step().stdout()), directory.out());
      streams.keep(request.filled(request.step().stderr()), directory.err());
    } catch (IOException | IllegalArgumentException e) {
      notKept = "the output cannot be kept in a file: " + e.getMessage();
    }
  }

  private AttemptEnd told(ProgramEnd end) {
    Output output = Output.of(directory.out(), mask, request.step().outputLimit());
    return new AttemptEnd(
        outcome(end),
        end.exitCode(),
        error(end),
        output.text(),
        output.truncated(),
        log.lines(),
        log.digest(),
        startedAt,
        end.at().isBefore(startedAt) ? startedAt : end.at());
  }

  private Outcome outcome(ProgramEnd end) {
    if (stop != null) {
      return stop.outcome();
    }
    return end.outcome() == Outcome.COMPLETED && notKept != null ? Outcome.FAILED : end.outcome();
  }

  private String error(ProgramEnd end) {
    if (stop != null) {
      return stop.reason();
    }
    return end.error() == null ? notKept : end.error();
  }
}
