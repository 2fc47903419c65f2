package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.Ledger.Offer;
import dev.gantry.runner.Ledger.Place;
import dev.gantry.runner.Ledger.Rest;
import dev.gantry.runners.protocol.Heartbeat.Slots;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * A runner without its framework: commands in, step events and log batches out. {@link #recall} and
 * {@link #settle} first, then {@link #accept} for each command in the order in which they came, on
 * one thread, and {@link #begin} for each that is to be run; {@link #resume} at any time.
 */
public final class Runner implements AutoCloseable {
  /** Who is to run a command that was kept before a kill. */
  public enum Whose {
    /** This runner's ledger alone has it. */
    OURS,
    /** Another process has it, or whoever is next will be given it. */
    ANOTHERS,
    /** Not to be found out. */
    UNKNOWN
  }

  private static final Logger LOG = Logger.getLogger(Runner.class);

  /** No partition: what a process before this one left on this host. */
  private static final int ALONE = -1;

  private final RunnerContext context;
  private final Capacity capacity;
  private final Duration retention;
  private final Map<AttemptKey, Segment> segments = new ConcurrentHashMap<>();

  /** Those that are not begun yet. */
  private final Set<AttemptKey> taken = ConcurrentHashMap.newKeySet();

  /**
   * Left by a process before this one and not begun yet: this one's to go on with, whatever Kafka
   * says of their commands.
   */
  private final Map<AttemptKey, RunSteps> recalled = new ConcurrentHashMap<>();

  /** Those of which everything was adopted that others had begun. */
  private final Set<Integer> served = new HashSet<>();

  private volatile boolean resumed;
  private volatile boolean closing;

  /**
   * @param capacity how many attempts may run at once
   * @param retention how long ended attempts are remembered
   */
  public Runner(
      String name,
      Backend backend,
      Outlet outlet,
      GrantSource grants,
      Executor workers,
      int capacity,
      Duration retention) {
    this(name, backend, outlet, grants, workers, new Capacity(capacity), retention);
  }

  /**
   * @param capacity perhaps in common with other runners
   */
  Runner(
      String name,
      Backend backend,
      Outlet outlet,
      GrantSource grants,
      Executor workers,
      Capacity capacity,
      Duration retention) {
    this.context = new RunnerContext(name, backend, outlet, grants, workers, () -> closing);
    this.capacity = capacity;
    this.retention = retention;
  }

  /** Learns what a process before this one left, so that no command brings it again. May block. */
  public void recall() {
    context.ledger().owned().forEach(command -> recall(command, ALONE));
  }

  private void recall(RunSteps command, int partition) {
    Segment segment = new Segment(command, partition, context, this::over);
    if (segments.putIfAbsent(segment.first(), segment) == null) {
      recalled.put(segment.first(), command);
    }
  }

  /**
   * The partitions of the topic of commands that are this process's from now on. When the ledger is
   * shared, it goes on with what others have begun of the new ones, and leaves to others what it
   * has of those that it has no longer. Blocks until the ledger has answered.
   */
  void serve(Set<Integer> partitions) throws InterruptedException {
    if (!context.ledger().isShared()) {
      return;
    }
    synchronized (served) {
      segments.values().stream()
          .filter(segment -> !partitions.contains(segment.partition()))
          .forEach(Segment::leave);
      Set<Integer> more = new HashSet<>(partitions);
      more.removeAll(served);
      served.retainAll(partitions);
      if (!more.isEmpty()) {
        context.ledger().owned(more).forEach(this::goOn);
        served.addAll(more);
      }
    }
    if (resumed) {
      resume();
    }
  }

  /** What is behind a step whose end was told, and was not begun, is given back. */
  private void goOn(Rest rest) {
    RunSteps command = rest.command();
    if (rest.isWhole()) {
      recall(command, rest.partition());
    } else if (!segments.containsKey(firstOf(command))) {
      context
          .send(Segment.returned(command, command.steps().get(0)))
          .thenAccept(offset -> LOG.debugf("%s is given back", firstOf(command)));
    }
  }

  /** What a process before this one kept without coming to know whose it is. May block. */
  List<Offer> unsettled() {
    return context.ledger().offered();
  }

  /**
   * Goes on with what of it is to be run here, and leaves the rest to others. Blocks until the
   * engine is told of what nobody may have.
   */
  public void settle(Function<Place, Whose> whose) {
    List<CompletableFuture<Void>> told = new ArrayList<>();
    for (Offer offer : unsettled()) {
      RunSteps command = offer.command();
      switch (whose.apply(offer.place())) {
        case OURS -> {
          context.ledger().own(command);
          recall(command, ALONE);
        }
        case ANOTHERS -> context.ledger().disown(command);
        case UNKNOWN ->
            told.add(
                context
                    .send(Segment.returned(command, command.steps().get(0)))
                    .thenRun(() -> context.ledger().release(command))
                    .toCompletableFuture());
      }
    }
    CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).join();
    if (resumed) {
      resume();
    }
  }

  /** Goes on with what was left. May block for a moment. */
  public void resume() {
    resumed = true;
    if (!recalled.isEmpty()) {
      LOG.infof("%d segments were left by the runner before and are adopted", recalled.size());
    }
    for (AttemptKey key : List.copyOf(recalled.keySet())) {
      Segment segment = segments.get(key);
      RunSteps command = recalled.remove(key);
      if (segment != null && command != null) {
        begin(command, segment);
      }
    }
  }

  /**
   * Takes a command over: it survives this process when the stage completes, which never waits for
   * a program. One to run then waits for {@link #begin} or {@link #forget}. A command that was
   * taken already changes nothing. May block for a moment.
   *
   * @param place where it was read
   * @throws UncheckedIOException when it could not be kept; hand it over again
   */
  public CompletionStage<Void> accept(RunnerCommand command, Place place) {
    if (command instanceof RunSteps run) {
      return accept(run, place);
    }
    if (command instanceof HoldSteps hold) {
      return accept(hold);
    }
    accept((CancelSteps) command);
    return CompletableFuture.completedFuture(null);
  }

  /** Taken over once all that is held back is told or kept: nothing else remembers the command. */
  private CompletionStage<Void> accept(HoldSteps command) {
    List<CompletableFuture<Void>> held = new ArrayList<>();
    segments.forEach(
        (key, segment) -> {
          if (key.executionId().equals(command.executionId())) {
            held.add(segment.hold(command));
          }
        });
    return CompletableFuture.allOf(held.toArray(CompletableFuture[]::new));
  }

  private CompletionStage<Void> accept(RunSteps command, Place place) {
    if (segments.containsKey(firstOf(command))) {
      return CompletableFuture.completedFuture(null);
    }
    if (isExpired(command)) {
      return refuse(command, Outcome.INFRASTRUCTURE, "command expired");
    }
    Segment segment = new Segment(command, place.partition(), context, this::over);
    taken.add(segment.first());
    segments.put(segment.first(), segment);
    return offer(segment, command, place);
  }

  private CompletionStage<Void> offer(Segment segment, RunSteps command, Place place) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    offered(command, place, capacity.tryTake(segment))
        .whenComplete(
            (kept, failure) -> {
              if (failure == null) {
                done.complete(null);
                return;
              }
              over(segment);
              if (cause(failure) instanceof CommandRefusedException refused) {
                refuse(command, refused.outcome(), refused.getMessage())
                    .thenRun(() -> done.complete(null));
              } else {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  private CompletionStage<Void> offered(RunSteps command, Place place, boolean atOnce) {
    try {
      return context.ledger().offer(command, place, atOnce);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  private CompletionStage<Void> refuse(RunSteps command, Outcome outcome, String why) {
    return context
        .send(AttemptEnd.neverStarted(outcome, why, Instant.now()).report(firstOf(command), false))
        .thenAccept(offset -> {});
  }

  /** It may have run here and be forgotten; running it again could be the second time. */
  private boolean isExpired(RunSteps command) {
    return command.issuedAt() != null
        && command.issuedAt().isBefore(Instant.now().minus(retention))
        && !context.ledger().remembers(command.executionId());
  }

  private void accept(CancelSteps command) {
    context.ledger().keep(command);
    segments.forEach(
        (key, segment) -> {
          if (key.executionId().equals(command.executionId())) {
            context.workers().execute(() -> segment.cancel(command));
          }
        });
  }

  /** Runs what was accepted, as soon as there is a slot; once. May block for a moment. */
  public void begin(RunSteps command) {
    Segment segment = segments.get(firstOf(command));
    if (segment != null && taken.remove(segment.first())) {
      own(command);
      begin(command, segment);
    }
  }

  private void own(RunSteps command) {
    try {
      context.ledger().own(command);
    } catch (UncheckedIOException e) {
      LOG.warnf("a process after this one has to ask Kafka whose a command is: %s", e);
    }
  }

  private void begin(RunSteps command, Segment segment) {
    if (command.steps().stream().anyMatch(step -> context.backend().holds(key(command, step)))) {
      capacity.take(segment);
      context.workers().execute(segment::begin);
    } else {
      capacity.acquire(segment, () -> context.workers().execute(segment::begin));
    }
  }

  /** What was accepted is another process's to run: nothing of it is kept here. */
  public void forget(RunSteps command) {
    AttemptKey key = firstOf(command);
    if (taken.remove(key)) {
      over(segments.get(key));
      context.ledger().disown(command);
    }
  }

  private void over(Segment segment) {
    segments.remove(segment.first());
    taken.remove(segment.first());
    recalled.remove(segment.first());
    capacity.release(segment);
  }

  /** Removes what is left of executions that ended longer ago than they are remembered. */
  public void sweep() {
    Instant before = Instant.now().minus(retention);
    context.backend().sweep(this::isActive, before);
  }

  private boolean isActive(UUID executionId) {
    return segments.keySet().stream().anyMatch(key -> key.executionId().equals(executionId));
  }

  /** How many segments are in hand, waiting ones included. */
  public int active() {
    return segments.size();
  }

  /** The name of what it keeps its commands in. May block. */
  String ledger() {
    return context.ledger().id();
  }

  /** Whether nothing more is begun: it takes no commands over then. */
  boolean isClosing() {
    return closing;
  }

  /** How many segments run, and how many may. */
  Slots slots() {
    return capacity.slots();
  }

  /** What its backend has; may block. */
  Load load() {
    return context.backend().load();
  }

  /** Starts nothing more, and takes no more commands over. */
  void leave() {
    closing = true;
  }

  /** Starts nothing more and stops following; what runs is adopted by the next process. */
  @Override
  public void close() {
    leave();
    context.backend().close();
  }

  private static AttemptKey firstOf(RunSteps command) {
    return key(command, command.steps().get(0));
  }

  private static AttemptKey key(RunSteps command, StepSpec step) {
    return new AttemptKey(command.executionId(), step.index(), step.attempt());
  }
}
