package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Decided;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.PauseRequested;
import dev.gantry.executions.protocol.StepEvent.ResumeRequested;
import dev.gantry.executions.protocol.StepEvent.RetryRequested;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepPhases;
import dev.gantry.executions.protocol.StepSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A random workflow against a random runner, which fails, is cancelled, falls silent and is told of
 * twice; checks at every turn what must hold for every execution.
 */
final class RandomExecution extends EngineDriver {
  private static final int MOST_TURNS = 20_000;

  private final Random random;
  private final List<Held> held = new ArrayList<>();
  private final Set<AttemptRef> ran = new HashSet<>();
  private final Set<AttemptRef> cancelled = new HashSet<>();
  private final Map<AttemptRef, StepFinished> reports = new HashMap<>();
  private final List<StepEvent> sent = new ArrayList<>();
  private int commandsSeen;
  private boolean silent;

  /** A segment in the runner's hands. */
  private static final class Held {
    RunSteps command;
    int at;

    Held(RunSteps command) {
      this.command = command;
    }

    AttemptRef first() {
      return ref(command.steps().get(0));
    }
  }

  RandomExecution(long seed) {
    random = new Random(seed);
  }

  void runToItsEnd() {
    begin(workflow());
    int turns = 0;
    while (!execution.status().terminal()) {
      assertThat(++turns).as("turns").isLessThan(MOST_TURNS);
      assertThat(Engine.nextWake(execution)).as("somebody acts next").isNotNull();
      takeCommands();
      beginChildren();
      turn();
      assertAtMostAsManyAsAllowed();
    }
    assertThat(Engine.nextWake(execution)).isNull();
    assertEnded();
    int told = events.size();
    sent.forEach(this::apply);
    assertThat(events).as("what comes again changes nothing").hasSize(told);
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  private String workflow() {
    StringBuilder yaml = new StringBuilder("name: random\ntype: graph\n");
    if (chance(0.3)) {
      yaml.append("maxActiveSteps: ").append(1 + random.nextInt(3)).append('\n');
    }
    if (chance(0.1)) {
      yaml.append("delaySec: 1\n");
    }
    if (chance(0.05)) {
      yaml.append("preconditions: ['${P} == 2']\n");
    }
    if (chance(0.4)) {
      yaml.append("handlerOn:\n");
      for (String end : List.of("success", "failure", "cancel", "exit")) {
        yaml.append("  ").append(end).append(chance(0.3) ? ": {run: other}\n" : ": {command: x}\n");
      }
    }
    yaml.append("steps:\n");
    int steps = 1 + random.nextInt(12);
    for (int step = 0; step < steps; step++) {
      yaml.append("  - {name: s").append(step).append(", depends: ").append(dependencies(step));
      yaml.append(chance(0.1) ? approval() : program() + keys()).append("}\n");
    }
    return yaml.toString();
  }

  /** Often only the one before, so that there are segments. */
  private List<String> dependencies(int step) {
    List<String> names = new ArrayList<>();
    if (step > 0 && chance(0.6)) {
      names.add("s" + (step - 1));
    }
    for (int before = 0; before < step - 1; before++) {
      if (chance(0.15)) {
        names.add("s" + before);
      }
    }
    return names;
  }

  private String program() {
    return chance(0.15)
        ? ", run: other"
        : chance(0.1) ? ", command: x, parallel: a" : ", command: x";
  }

  private String approval() {
    return chance(0.5) ? ", approval: {timeout: 30}, continueOn: failed" : ", approval: {}";
  }

  private String keys() {
    StringBuilder keys = new StringBuilder();
    if (chance(0.2)) {
      keys.append(", retryPolicy: {limit: ").append(random.nextInt(3)).append(", intervalSec: 1}");
    } else if (chance(0.15)) {
      keys.append(", repeatPolicy: {exitCode: [3], intervalSec: 1, limit: 3}");
    } else if (chance(0.1)) {
      keys.append(", repeatPolicy: {repeat: until, exitCode: 0, intervalSec: 1, limit: 2}");
    }
    if (chance(0.2)) {
      keys.append(", continueOn: {failure: true, skipped: ").append(chance(0.5)).append('}');
    }
    if (chance(0.15)) {
      keys.append(", preconditions: '${P} == ").append(chance(0.5) ? 1 : 2).append("'");
    }
    if (chance(0.2)) {
      keys.append(", timeout: 60");
    }
    return keys.toString();
  }

  private void takeCommands() {
    for (; commandsSeen < commands.size(); commandsSeen++) {
      if (commands.get(commandsSeen) instanceof RunSteps run) {
        if (held.stream().noneMatch(segment -> segment.first().equals(ref(run.steps().get(0))))) {
          held.add(new Held(run));
        }
      } else if (commands.get(commandsSeen) instanceof CancelSteps cancel) {
        cancelled.addAll(cancel.attempts());
      } else if (commands.get(commandsSeen) instanceof HoldSteps hold && !silent) {
        List.copyOf(held).forEach(segment -> hold(segment, hold));
      }
    }
  }

  /** Begins none of the attempts, and gives back the one it would begin with. */
  private void hold(Held segment, HoldSteps hold) {
    List<StepSpec> steps = segment.command.steps();
    for (int place = segment.at; place < steps.size(); place++) {
      AttemptRef attempt = ref(steps.get(place));
      if (hold.attempts().contains(attempt) && place > segment.at) {
        RunSteps all = segment.command;
        segment.command =
            new RunSteps(
                id, all.logPartition(), all.variables(), steps.subList(0, place), all.issuedAt());
        return;
      } else if (hold.attempts().contains(attempt) && !reports.containsKey(attempt)) {
        held.remove(segment);
        send(new StepReturned(id, attempt.step(), attempt.attempt(), segment.command.issuedAt()));
        return;
      }
    }
  }

  private static AttemptRef ref(StepSpec step) {
    return new AttemptRef(step.index(), step.attempt());
  }

  private List<Integer> awaiting() {
    List<Integer> steps = new ArrayList<>();
    execution
        .waiting()
        .forEachRemaining(
            (int step) -> {
              if (status(step) == StepStatus.AWAITING_APPROVAL) {
                steps.add(step);
              }
            });
    return steps;
  }

  private void turn() {
    now = now.plusMillis(1);
    List<Integer> awaiting = awaiting();
    if (!awaiting.isEmpty() && chance(0.2)) {
      int step = awaiting.get(random.nextInt(awaiting.size()));
      send(new Decided(id, step, chance(0.8), "somebody", null, Map.of(), now));
    } else if (execution.delegated().hasNext() && chance(0.2)) {
      endChild();
    } else if (chance(0.03)) {
      apply(new RetryRequested(id, random.nextInt(execution.size()), "somebody", now));
    } else if (chance(0.02)) {
      apply(new PauseRequested(id, "somebody", now));
    } else if (chance(execution.isPaused() ? 0.1 : 0.01)) {
      apply(new ResumeRequested(id, "somebody", now));
    } else if (chance(0.01)) {
      apply(new CancelRequested(id, "somebody", now));
    } else if (!sent.isEmpty() && chance(0.1)) {
      apply(sent.get(random.nextInt(sent.size())));
    } else if (chance(0.005)) {
      silent = true;
    } else if (!silent && !held.isEmpty() && chance(0.9)) {
      run(held.get(random.nextInt(held.size())));
    } else {
      Instant wake = Engine.nextWake(execution);
      tick(wake.isAfter(now) ? Duration.between(now, wake) : Duration.ZERO);
      assertThat(execution.status().terminal() || Engine.nextWake(execution).isAfter(now))
          .as("what was to be done by now is done")
          .isTrue();
    }
  }

  /** Another execution takes what was left to it. */
  private void beginChildren() {
    execution
        .delegated()
        .forEachRemaining(
            (int step) -> {
              AttemptRef attempt = new AttemptRef(step, execution.state(step).attempt());
              if (!ran.contains(attempt)) {
                assertMayRun(attempt);
              }
            });
  }

  private void endChild() {
    int step = execution.delegated().next();
    double luck = random.nextDouble();
    Outcome outcome =
        execution.stop() != null && step < execution.handlersFrom()
            ? Outcome.CANCELLED
            : luck < 0.75 ? Outcome.COMPLETED : luck < 0.95 ? Outcome.FAILED : Outcome.TIMED_OUT;
    String error = outcome == Outcome.COMPLETED ? null : outcome.name();
    send(new ChildEnded(id, step, execution.state(step).attempt(), outcome, error, null, now));
  }

  /** The next step of a segment, as a runner does it. */
  private void run(Held segment) {
    List<StepSpec> steps = segment.command.steps();
    StepSpec step = steps.get(segment.at);
    AttemptRef attempt = ref(step);
    if (reports.containsKey(attempt)) {
      StepFinished told = reports.get(attempt);
      segment.at++;
      if (!told.continues() || segment.at == steps.size()) {
        held.remove(segment);
      }
      send(told);
      return;
    }
    Outcome outcome = Outcome.CANCELLED;
    if (!cancelled.contains(attempt)) {
      assertMayRun(attempt);
      if (chance(0.7)) {
        send(new StepStarted(id, step.index(), step.attempt(), "default", now));
      }
      double luck = random.nextDouble();
      outcome =
          luck < 0.7
              ? Outcome.COMPLETED
              : luck < 0.85
                  ? Outcome.FAILED
                  : luck < 0.9 ? Outcome.TIMED_OUT : Outcome.INFRASTRUCTURE;
    }
    boolean more = segment.at + 1 < steps.size() && !isCancelled(steps.get(segment.at + 1));
    boolean continues = more && outcome == Outcome.COMPLETED && chance(0.95);
    segment.at++;
    if (!continues) {
      held.remove(segment);
    }
    finish(step, outcome, continues);
  }

  private boolean isCancelled(StepSpec step) {
    return cancelled.contains(ref(step));
  }

  private void finish(StepSpec step, Outcome outcome, boolean continues) {
    Integer code =
        outcome == Outcome.COMPLETED ? (Integer) 0 : outcome == Outcome.FAILED ? 3 : null;
    String error = outcome == Outcome.COMPLETED ? null : outcome.name();
    StepFinished report =
        new StepFinished(
            id,
            step.index(),
            step.attempt(),
            outcome,
            code,
            error,
            null,
            false,
            0,
            0,
            now,
            now,
            continues,
            outcome == Outcome.INFRASTRUCTURE && chance(0.8),
            StepPhases.NONE);
    reports.put(ref(step), report);
    send(report);
  }

  private void send(StepEvent event) {
    sent.add(event);
    apply(event);
  }

  private void assertMayRun(AttemptRef attempt) {
    assertThat(execution.isPaused()).as("%s begins in no pause", attempt).isFalse();
    assertThat(ran.add(attempt)).as("%s runs once", attempt).isTrue();
    for (int before : execution.definition(attempt.step()).depends()) {
      assertThat(Tolerance.letsDependentsRun(execution, before))
          .as("%s runs after step %d", attempt, before)
          .isTrue();
    }
    if (attempt.step() >= execution.handlersFrom()) {
      assertThat(execution.everyStepEnded()).as("a handler runs last").isTrue();
    }
  }

  private void assertAtMostAsManyAsAllowed() {
    int most = execution.accepted().definition().concurrency().maxActiveSteps();
    if (most > 0 && !execution.everyStepEnded()) {
      assertThat(execution.inHand()).as("steps at once").isLessThanOrEqualTo(most);
    }
  }

  /** Nothing is left out of the trace, and it leads to where the execution is. */
  private void assertTraceLeadsHere() {
    Map<Integer, String> at = new HashMap<>();
    for (Transition moved : execution.trace()) {
      int step = moved.step() == null ? -1 : moved.step();
      String before = at.put(step, moved.after());
      String first = step < 0 ? null : StepStatus.PENDING.text();
      assertThat(moved.before()).isEqualTo(before == null ? first : before);
    }
    assertThat(at).containsEntry(-1, execution.status().text());
    for (int step = 0; step < execution.size(); step++) {
      assertThat(at).containsEntry(step, status(step).text());
    }
  }

  private void assertEnded() {
    assertTraceLeadsHere();
    for (int step = 0; step < execution.size(); step++) {
      assertThat(execution.state(step)).as("step %d", step).isInstanceOf(Ended.class);
    }
    String end =
        switch (execution.status()) {
          case COMPLETED -> "workflow.completed";
          case CANCELLED -> "workflow.cancelled";
          default -> "workflow.failed";
        };
    assertThat(events).first().isEqualTo("workflow.started");
    assertThat(events).last().isEqualTo(end);
    assertThat(events)
        .filteredOn(type -> !type.matches(".*(\\.step\\.|paused|resumed).*"))
        .hasSize(2);
    if (execution.status() == ExecutionStatus.COMPLETED) {
      assertThat(execution.error()).isNull();
    } else {
      assertThat(execution.error()).as("why it did not complete").isNotBlank();
    }
  }
}
