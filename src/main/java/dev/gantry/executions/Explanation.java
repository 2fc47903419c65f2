package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.workflows.WorkflowDefinition.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Why an execution is as it is: who is to act next, until when, and what each step waits for that
 * has not completed. Pure code.
 *
 * @param owner who is to act next: {@code engine}, {@code runner <name>} or, when it waits for a
 *     person alone, {@code approver}; null once it has ended
 * @param deadline when the engine acts without it at the latest; null once it has ended
 * @param steps those that have not completed, what is under way first
 * @param more how many of them are left out, if any
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
    name = "Explanation",
    requiredProperties = {"execution_id", "status", "reason", "steps"})
public record Explanation(
    String executionId,
    @Schema(ref = "ExecutionStatus") String status,
    String reason,
    String owner,
    Instant deadline,
    List<Step> steps,
    Integer more) {
  private static final String ENGINE = "engine";
  private static final String APPROVER = "approver";
  private static final int MOST_STEPS = 500;
  private static final int MOST_NAMES = 20;

  /**
   * @param since when it came into this state, as far as it is known
   * @param deadline when the engine acts on the step at the latest, if it has a time of its own
   * @param waitsFor the steps that have not ended and it depends on
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "StepExplanation",
      requiredProperties = {"name", "status", "reason"})
  public record Step(
      String name,
      @Schema(ref = "StepStatus") String status,
      String reason,
      String owner,
      Instant since,
      Instant deadline,
      List<String> waitsFor) {}

  /** Whether what is known of the runner belongs to the explanation. */
  static boolean needsRunner(Execution execution) {
    return execution.active().hasNext();
  }

  /** What is known of the queues that an execution waits for, as the end of a sentence. */
  static String queues(Limits limits, Map<String, QueueUse.Count> counts) {
    return limits.queues().stream()
        .map(
            queue ->
                queue.equals(Limits.ALL)
                    ? "the whole installation"
                    : about(queue, counts.getOrDefault(queue, QueueUse.Count.NONE)))
        .collect(Collectors.joining(" and of "));
  }

  private static String about(String queue, QueueUse.Count count) {
    return "the queue '"
        + queue
        + "' ("
        + count.running()
        + " under way, "
        + count.queued()
        + " waiting)";
  }

  /**
   * @param news of the runner, or of the queues, as the end of a sentence; null unless it is needed
   */
  static Explanation of(Execution execution, String news) {
    List<Integer> told =
        IntStream.range(0, execution.size())
            .filter(step -> execution.state(step).status() != StepStatus.COMPLETED)
            .boxed()
            .sorted(Comparator.comparingInt(step -> urgency(execution.state(step))))
            .toList();
    boolean ended = execution.status().terminal();
    int shown = Math.min(MOST_STEPS, told.size());
    return new Explanation(
        execution.accepted().publicId(),
        execution.status().text(),
        reason(execution, news),
        ended ? null : owner(execution),
        ended ? null : deadline(execution),
        told.subList(0, shown).stream().map(step -> step(execution, step, news)).toList(),
        shown == told.size() ? null : told.size() - shown);
  }

  /** The same with what is known of the turn that does the one step. */
  Explanation with(TurnNews.News news) {
    Instant until = news.deadline() == null ? deadline : news.deadline();
    Step only = steps.get(0);
    Step told =
        new Step(
            only.name(),
            only.status(),
            news.reason(),
            news.owner(),
            only.since(),
            news.deadline(),
            null);
    return new Explanation(
        executionId, status, news.reason(), news.owner(), until, List.of(told), null);
  }

  private static int urgency(StepState state) {
    return switch (state.status()) {
      case RUNNING -> 0;
      case QUEUED -> 1;
      case RETRYING, REPEATING, DELAYED, AWAITING_APPROVAL -> 2;
      case PENDING -> 3;
      default -> 4;
    };
  }

  private static String owner(Execution execution) {
    if (needsRunner(execution)) {
      return runner(execution);
    }
    return count(execution.waiting()) > 0 && ofWaiting(execution) == 0 ? APPROVER : ENGINE;
  }

  private static String runner(Execution execution) {
    return "runner " + execution.accepted().runner();
  }

  private static Instant deadline(Execution execution) {
    if (execution.isQueued()) {
      return Engine.nextWake(execution);
    }
    boolean isEnding = execution.stop() != null || execution.everyStepEnded();
    return isEnding ? Engine.nextWake(execution) : execution.deadline();
  }

  private static String reason(Execution execution, String news) {
    if (execution.status().terminal()) {
      return execution.error() == null ? "every step has ended" : execution.error();
    }
    if (execution.isQueued()) {
      return "waits for its turn: for a place of " + news;
    }
    if (execution.everyStepEnded()) {
      return "every step has ended; its handlers are run";
    }
    if (execution.stop() != null) {
      return "is being ended: " + execution.stop().reason();
    }
    String paused = execution.isPaused() ? "is paused until it is resumed; " : "";
    int active = count(execution.active());
    if (active > 0) {
      String steps = active == 1 ? "1 step is" : active + " steps are";
      return paused + steps + " in the hands of " + runner(execution) + ", which " + news;
    }
    int delegated = count(execution.delegated());
    if (delegated > 0) {
      return paused
          + (delegated == 1
              ? "1 step waits for the execution that does it"
              : delegated + " steps wait for the executions that do them");
    }
    int waiting = ofWaiting(execution);
    int persons = count(execution.waiting()) - waiting;
    if (waiting > 0) {
      return paused
          + (waiting == 1 ? "1 step waits for its time" : waiting + " steps wait for their time");
    } else if (persons > 0) {
      return paused
          + (persons == 1 ? "1 step waits for approval" : persons + " steps wait for approval");
    }
    return paused + "nothing is in hand";
  }

  /** How many wait for their time, and not for a person. */
  private static int ofWaiting(Execution execution) {
    int count = 0;
    for (PrimitiveIterator.OfInt it = execution.waiting(); it.hasNext(); ) {
      count += ((Waiting) execution.state(it.nextInt())).isForAPerson() ? 0 : 1;
    }
    return count;
  }

  private static int count(PrimitiveIterator.OfInt steps) {
    int count = 0;
    for (; steps.hasNext(); steps.nextInt()) {
      count++;
    }
    return count;
  }

  private static Step step(Execution execution, int step, String news) {
    StepState state = execution.state(step);
    if (state instanceof Running running) {
      String reason = "attempt " + running.attempt() + " runs on runner " + running.runner();
      return at(execution, step, reason, "runner " + running.runner(), running.startedAt());
    } else if (state instanceof Delegated delegated) {
      boolean byAgent = execution.definition(step).action() instanceof Action.Agent;
      String child = (byAgent ? Kind.CHAT : Kind.WORKFLOW).prefix() + delegated.child();
      String reason = "attempt " + delegated.attempt() + " is done by " + child;
      return at(execution, step, reason, child, delegated.startedAt());
    } else if (state instanceof Queued queued) {
      return at(
          execution, step, queued(execution, step, news), runner(execution), queued.queuedAt());
    } else if (state instanceof Waiting waiting) {
      String owner = waiting.isForAPerson() ? APPROVER : ENGINE;
      return at(execution, step, waiting(execution, step, waiting), owner, waiting.since());
    } else if (state instanceof Ended ended) {
      String reason = ended.error() == null ? ended.status().text() : ended.error();
      return at(execution, step, reason, null, ended.finishedAt());
    }
    return at(execution, step, pending(execution, step), ENGINE, null);
  }

  private static Step at(
      Execution execution, int step, String reason, String owner, Instant since) {
    StepState state = execution.state(step);
    List<String> waitsFor = state instanceof Ended ? List.of() : openDependencies(execution, step);
    return new Step(
        execution.definition(step).name(),
        state.status().text(),
        reason,
        owner,
        since,
        state instanceof Waiting waiting ? waiting.until() : Ending.overdueAt(execution, step),
        waitsFor.isEmpty() ? null : waitsFor);
  }

  private static String queued(Execution execution, int step, String news) {
    if (execution.openDependencies(step) > 0) {
      return "the runner runs it when the step before it has completed";
    }
    String waits = execution.facts(step).waits();
    return "handed to "
        + runner(execution)
        + ", which "
        + news
        + (waits == null ? " and has not told its start" : " and says that it " + waits);
  }

  private static String waiting(Execution execution, int step, Waiting waiting) {
    return switch (waiting.why()) {
      case RETRYING ->
          "attempt "
              + waiting.attempt()
              + " failed and is tried again"
              + (waiting.isHeld() ? " when maxActiveSteps lets it: " : ": ")
              + waiting.error();
      case REPEATING ->
          "attempt " + waiting.attempt() + " ended; it runs again by its repeatPolicy";
      case AWAITING_APPROVAL -> {
        String message = Approvals.message(execution, step);
        yield "waits for approval" + (message == null ? "" : ": " + message);
      }
      default -> "waits for the workflow's delaySec";
    };
  }

  private static String pending(Execution execution, int step) {
    if (step >= execution.handlersFrom()) {
      return "a handler, run when every step has ended";
    }
    int open = execution.openDependencies(step);
    if (open > 0) {
      return open == 1 ? "waits for a step" : "waits for " + open + " steps";
    }
    if (execution.isPaused()) {
      return "begins when the execution is resumed";
    }
    if (execution.isQueued()) {
      return "begins with the execution";
    }
    int most = execution.accepted().definition().concurrency().maxActiveSteps();
    return "waits for its turn, since " + most + " steps may be under way at once";
  }

  private static List<String> openDependencies(Execution execution, int step) {
    List<String> names = new ArrayList<>();
    for (int dependency : execution.definition(step).depends()) {
      if (!(execution.state(dependency) instanceof Ended) && names.size() < MOST_NAMES) {
        names.add(execution.definition(dependency).name());
      }
    }
    return names;
  }
}
