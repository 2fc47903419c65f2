package dev.gantry.executions;

import dev.gantry.executions.AgentSteps.AskedCall;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.protocol.StepEvent.Decided;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is told of an execution: its public events and the sentences in {@code error}. A workflow
 * tells its start, its steps and its end, a turn of a conversation its start, the calls that a
 * person decides and its end; a tool execution tells {@code tool.executed} once.
 */
final class Narration {
  private static final int LONGEST_ARG = 8 << 10;

  private Narration() {}

  static void started(Execution execution, Instant now, Effects effects) {
    if (execution.accepted().kind() == Kind.WORKFLOW) {
      effects.event(execution, "workflow.started", now, Map.of("workflow", subject(execution)));
    } else if (execution.accepted().kind() == Kind.CHAT) {
      effects.event(execution, "chat.started", now, Map.of("chat", subject(execution)));
    }
  }

  static void queued(Execution execution, Instant now, Effects effects) {
    if (execution.accepted().kind() == Kind.WORKFLOW) {
      effects.event(execution, "workflow.queued", now, Map.of("workflow", subject(execution)));
    }
  }

  static String neverAdmitted() {
    return "got no place in its queues within " + Durations.format(Engine.QUEUE_PATIENCE);
  }

  static void stepStarted(Execution execution, int step, Instant now, Effects effects) {
    if (execution.accepted().kind() == Kind.WORKFLOW) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("name", execution.definition(step).name());
      about.put("status", StepStatus.RUNNING.text());
      about.put("attempt", execution.state(step).attempt());
      stepEvent(execution, "workflow.step.started", about, now, effects);
    }
  }

  static void stepEnded(
      Execution execution, int step, Ended ended, boolean retried, Instant now, Effects effects) {
    if (execution.accepted().kind() != Kind.WORKFLOW) {
      return;
    }
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", execution.definition(step).name());
    about.put("attempt", ended.attempt());
    describe(about, ended);
    if (retried) {
      about.put("will_retry", true);
    }
    String outcome = ended.status() == StepStatus.COMPLETED ? "completed" : "failed";
    stepEvent(execution, "workflow.step." + outcome, about, now, effects);
  }

  static void stepAwaitsApproval(Execution execution, int step, Instant now, Effects effects) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", execution.definition(step).name());
    about.put("status", StepStatus.AWAITING_APPROVAL.text());
    String message = Approvals.message(execution, step);
    if (message != null) {
      about.put("message", message);
    }
    stepEvent(execution, "workflow.step.awaiting_approval", about, now, effects);
  }

  static void callAwaitsApproval(
      Execution execution, AskedCall call, Instant now, Effects effects) {
    Map<String, Object> approval = new LinkedHashMap<>();
    approval.put("call_id", call.id());
    approval.put("tool", call.tool());
    Map<String, Object> args = new LinkedHashMap<>();
    call.args().forEach((name, value) -> args.put(name, shown(value)));
    approval.put("args", args);
    if (call.reason() != null) {
      approval.put("reason", call.reason());
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("chat", subject(execution));
    data.put("approval", approval);
    effects.event(execution, "chat.awaiting_approval", now, data);
  }

  /** A model may write more than a message holds. */
  private static String shown(String arg) {
    return arg.length() <= LONGEST_ARG ? arg : arg.substring(0, LONGEST_ARG) + "…";
  }

  static void paused(Execution execution, Instant now, Effects effects) {
    effects.event(execution, "workflow.paused", now, Map.of("workflow", subject(execution)));
  }

  static void resumed(Execution execution, Instant now, Effects effects) {
    effects.event(execution, "workflow.resumed", now, Map.of("workflow", subject(execution)));
  }

  static void ended(Execution execution, Instant now, Effects effects) {
    if (execution.accepted().kind() == Kind.TOOL) {
      Map<String, Object> tool = subject(execution);
      describe(tool, (Ended) execution.state(0));
      tool.put("status", execution.status().text());
      effects.event(execution, "tool.executed", now, Map.of("tool", tool));
      return;
    }
    String about = execution.accepted().kind() == Kind.CHAT ? "chat" : "workflow";
    String type =
        switch (execution.status()) {
          case COMPLETED -> about + ".completed";
          case CANCELLED -> about + ".cancelled";
          default -> about + ".failed";
        };
    Map<String, Object> subject = subject(execution);
    subject.put("completed_at", now);
    subject.put("duration", between(execution.accepted().createdAt(), now));
    if (execution.error() != null) {
      subject.put("error", execution.error());
    }
    effects.event(execution, type, now, Map.of(about, subject));
  }

  /** After an event of such a type nothing is told of an execution. */
  static List<String> lastEvents(Kind kind) {
    return switch (kind) {
      case TOOL -> List.of("tool.executed");
      case CHAT -> List.of("chat.completed", "chat.failed", "chat.cancelled");
      case WORKFLOW -> List.of("workflow.completed", "workflow.failed", "workflow.cancelled");
    };
  }

  private static void stepEvent(
      Execution execution, String type, Map<String, Object> step, Instant now, Effects effects) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("workflow", subject(execution));
    data.put("step", step);
    effects.event(execution, type, now, data);
  }

  private static Map<String, Object> subject(Execution execution) {
    Acceptance accepted = execution.accepted();
    Map<String, Object> subject = new LinkedHashMap<>();
    subject.put("execution_id", accepted.publicId());
    subject.put("name", accepted.definition().name());
    subject.put("status", execution.status().text());
    subject.put("runner", accepted.runner());
    if (accepted.source() != null) {
      subject.put("source", accepted.source());
    }
    subject.put("created_at", accepted.createdAt());
    return subject;
  }

  private static void describe(Map<String, Object> about, Ended ended) {
    about.put("status", ended.status().text());
    if (ended.startedAt() != null) {
      about.put("duration", between(ended.startedAt(), ended.finishedAt()));
    }
    if (ended.exitCode() != null) {
      about.put("exit_code", ended.exitCode());
    }
    if (ended.error() != null) {
      about.put("error", ended.error());
    }
    about.put("log_lines", ended.logLines());
  }

  private static String between(Instant from, Instant to) {
    Duration duration = Duration.between(from, to);
    return Durations.format(duration.isNegative() ? Duration.ZERO : duration);
  }

  static String skipped(Execution execution, int upstream) {
    return "not run, because step '"
        + execution.definition(upstream).name()
        + "' "
        + (execution.state(upstream).status() == StepStatus.SKIPPED
            ? "was skipped"
            : "did not complete");
  }

  static String rejected(Decided decision) {
    String by = "rejected by " + decision.decidedBy();
    return decision.comment() == null ? by : by + ": " + decision.comment();
  }

  static String unanswered(Execution execution, int step) {
    return "nobody approved it within " + Durations.format(execution.definition(step).timeout());
  }

  static String notHandled(Verdict verdict) {
    return "not run, because the execution " + verdict.status().text();
  }

  static String failure(Execution execution, int step, Ended ended) {
    return "step '" + execution.definition(step).name() + "': " + ended.error();
  }

  static String tooLarge() {
    return "the step and its variables do not fit into a message of "
        + (Topics.MAX_MESSAGE_BYTES >> 20)
        + " MiB: let earlier steps put out less";
  }

  static String timedOut(Execution execution) {
    return "timed out after " + Durations.format(execution.accepted().timeout());
  }

  static String tooLong() {
    return "ran longer than its timeout";
  }

  static String noAnswer(Execution execution) {
    return "runner '" + execution.accepted().runner() + "' did not report the end in time";
  }
}
