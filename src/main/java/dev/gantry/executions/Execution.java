package dev.gantry.executions;

import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;

/**
 * One execution with its steps, in memory. It keeps what makes a transition cost the same for ten
 * steps and ten thousand: how many dependencies of each step are open, which steps are active, and
 * which changed since the last save. {@link Engine} decides; this class only holds.
 *
 * <p>Used by one thread at a time.
 */
final class Execution {
  private final Acceptance accepted;
  private final int handlersFrom;
  private final StepState[] steps;
  private final StepFacts[] facts;
  private final int[] openDependencies;
  private final BitSet active = new BitSet();
  private final BitSet waiting = new BitSet();
  private final BitSet delegated = new BitSet();
  private final BitSet ready = new BitSet();
  private final BitSet changed = new BitSet();
  private final Map<String, String> outputs = new HashMap<>();
  private final List<Transition> trace = new ArrayList<>();
  private int open;

  /** Some step does. */
  private boolean keepsArtifacts;

  /** It has moved itself, and not only a step of it. */
  private boolean moved;

  private int version;
  private long eventSequence;
  private ExecutionStatus status = ExecutionStatus.RUNNING;
  private Stop stop;
  private Instant admittedAt;
  private Instant completedAt;
  private String error;

  /** The steps are to end, and the execution then takes this status. */
  record Stop(Instant requestedAt, ExecutionStatus status, String reason) {}

  /** A new execution: every step pending. */
  Execution(Acceptance accepted) {
    this.accepted = accepted;
    handlersFrom = accepted.definition().handlersFrom();
    int count = accepted.definition().steps().size();
    steps = new StepState[count];
    facts = new StepFacts[count];
    openDependencies = new int[count];
    open = handlersFrom;
    for (int i = 0; i < count; i++) {
      steps[i] = new Pending();
      facts[i] = StepFacts.NONE;
      openDependencies[i] = definition(i).depends().size();
      ready.set(i, isReady(i));
      keepsArtifacts |= !definition(i).program().artifacts().isEmpty();
    }
  }

  /** Puts back what was stored; only before any other use. */
  Execution restore(
      int storedVersion,
      long storedSequence,
      ExecutionStatus storedStatus,
      Instant storedAdmission,
      Stop storedStop,
      StepState[] storedSteps,
      StepFacts[] storedFacts) {
    status = storedStatus;
    admittedAt = storedAdmission;
    version = storedVersion;
    eventSequence = storedSequence;
    stop = storedStop;
    for (int i = 0; i < steps.length; i++) {
      set(i, storedSteps[i]);
      facts[i] = storedFacts[i];
    }
    stored();
    return this;
  }

  Acceptance accepted() {
    return accepted;
  }

  /** All steps, the handlers among them. */
  int size() {
    return steps.length;
  }

  /** Where the handlers begin, which are run when every step before them has ended. */
  int handlersFrom() {
    return handlersFrom;
  }

  Step definition(int step) {
    return accepted.definition().steps().get(step);
  }

  /** Whether a step before it may have kept files that it works on. */
  boolean wantsArtifacts(int step) {
    boolean first = definition(step).depends().isEmpty() && step < handlersFrom;
    return keepsArtifacts && !first;
  }

  StepState state(int step) {
    return steps[step];
  }

  StepFacts facts(int step) {
    return facts[step];
  }

  /** More is known of a step, which must be saved. */
  void know(int step, StepFacts more) {
    if (!facts[step].equals(more)) {
      facts[step] = more;
      changed.set(step);
    }
  }

  /**
   * The attempt's number for the step's own policies, which the platform's faults do not concern.
   */
  int ownAttempt(int step, Ended ended) {
    return ended.attempt() - facts[step].disruptions();
  }

  /** Moves a step and remembers that it must be saved. */
  void set(int step, StepState next) {
    boolean wasEnded = steps[step] instanceof Ended;
    traced(step, steps[step], next);
    steps[step] = next;
    facts[step] = facts(facts[step], next);
    active.set(step, next instanceof Queued || next instanceof Running);
    waiting.set(step, next instanceof Waiting);
    delegated.set(step, next instanceof Delegated);
    ready.set(step, isReady(step));
    changed.set(step);
    if (next instanceof Ended ended && !wasEnded) {
      ended(step, ended);
    } else if (wasEnded && !(next instanceof Ended)) {
      reopened(step);
    }
  }

  private static StepFacts facts(StepFacts before, StepState next) {
    if (next instanceof Queued queued) {
      return before.queued(queued.queuedAt());
    }
    return next instanceof Running || next instanceof Ended ? before : before.unbegun();
  }

  private void reopened(int step) {
    if (step < handlersFrom) {
      open++;
    }
    for (int dependent : accepted.graph().dependents(step)) {
      openDependencies[dependent]++;
      ready.set(dependent, isReady(dependent));
    }
  }

  private void traced(int step, StepState before, StepState next) {
    if (accepted.saveTrace()
        && (before.status() != next.status() || before.attempt() != next.attempt())) {
      trace.add(new Transition(step, next.attempt(), before.status().text(), next.status().text()));
    }
  }

  /** The execution itself takes another status. */
  private void move(ExecutionStatus next) {
    if (status != next) {
      moved = true;
      if (accepted.saveTrace()) {
        trace.add(new Transition(null, 0, status.text(), next.text()));
      }
      status = next;
    }
  }

  /** What has moved since the last save, if a trace is kept. */
  List<Transition> trace() {
    return trace;
  }

  private void ended(int step, Ended ended) {
    if (step < handlersFrom) {
      open--;
    }
    for (int dependent : accepted.graph().dependents(step)) {
      openDependencies[dependent]--;
      ready.set(dependent, isReady(dependent));
    }
    if (ended.output() == null) {
      return;
    }
    String variable = definition(step).output();
    if (variable != null) {
      outputs.put(variable, ended.output());
    }
    if (definition(step).action() instanceof Action.Approval) {
      outputs.putAll(Approvals.input(ended.output()));
    }
  }

  boolean isQueued() {
    return status == ExecutionStatus.QUEUED;
  }

  /** It is new. */
  void enter(ExecutionStatus first) {
    status = first;
    if (accepted.saveTrace()) {
      trace.add(new Transition(null, 0, null, first.text()));
    }
  }

  /** When it got its places, if it had to wait for any; else null. */
  Instant admittedAt() {
    return admittedAt;
  }

  /** When it times out, counted from when it could begin. */
  Instant deadline() {
    Instant from = admittedAt == null ? accepted.createdAt() : admittedAt;
    return from.plus(accepted.timeout());
  }

  boolean isPaused() {
    return status == ExecutionStatus.PAUSED;
  }

  void pause() {
    move(ExecutionStatus.PAUSED);
  }

  /** It is queued or paused no longer. */
  void run() {
    move(ExecutionStatus.RUNNING);
  }

  private boolean isReady(int step) {
    return steps[step] instanceof Pending && openDependencies[step] == 0 && step < handlersFrom;
  }

  /** Those that have not begun although all that they depend on has ended, well or not. */
  List<Integer> ready() {
    return ready.stream().boxed().toList();
  }

  boolean isReadyToRun(int step) {
    return ready.get(step);
  }

  /** How many dependencies of the step have not ended. */
  int openDependencies(int step) {
    return openDependencies[step];
  }

  /** Every step before the handlers. */
  boolean everyStepEnded() {
    return open == 0;
  }

  /** The steps that a runner has: queued or running. */
  PrimitiveIterator.OfInt active() {
    return active.stream().iterator();
  }

  /** The steps that wait for their next attempt, or for a person. */
  PrimitiveIterator.OfInt waiting() {
    return waiting.stream().iterator();
  }

  /** The steps that other executions do. */
  PrimitiveIterator.OfInt delegated() {
    return delegated.stream().iterator();
  }

  /** The steps that are to run once more as soon as there is a place for them. */
  List<Integer> held() {
    return waiting.stream().filter(step -> ((Waiting) steps[step]).isHeld()).boxed().toList();
  }

  /** How many steps take part in what runs at once: those under way, or about to be again. */
  int inHand() {
    int outside = (int) waiting.stream().filter(step -> isOutside((Waiting) steps[step])).count();
    return active.cardinality() + delegated.cardinality() + waiting.cardinality() - outside;
  }

  private static boolean isOutside(Waiting waiting) {
    return waiting.isForAPerson() || waiting.isHeld();
  }

  /** Variables from the outputs of the steps that have ended. */
  Map<String, String> outputs() {
    return outputs;
  }

  BitSet changed() {
    return changed;
  }

  /** Whether the database holds another state than this. */
  boolean isUnsaved() {
    return moved || !changed.isEmpty();
  }

  int version() {
    return version;
  }

  /** The database holds this state now, as that of a new execution. */
  void stored() {
    moved = false;
    trace.clear();
    changed.clear();
  }

  /** The database holds this state now, under the next version. */
  void saved() {
    version++;
    stored();
  }

  long eventSequence() {
    return eventSequence;
  }

  long nextEventSequence() {
    return ++eventSequence;
  }

  ExecutionStatus status() {
    return status;
  }

  Stop stop() {
    return stop;
  }

  void stopping(Stop requested) {
    moved = true;
    stop = requested;
  }

  Instant completedAt() {
    return completedAt;
  }

  /** Why it did not complete, or why it is being stopped; else null. */
  String error() {
    return error != null || stop == null ? error : stop.reason();
  }

  void complete(ExecutionStatus terminal, String why, Instant now) {
    move(terminal);
    error = why;
    completedAt = now;
  }
}
