package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepPhases;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Ids;
import dev.gantry.workflows.StepGraph;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Drives the engine without a clock, a broker or a database. */
abstract class EngineDriver {
  static final Topics TOPICS = new Topics("t");
  static final int DISRUPTIONS = 3;
  final UUID id = Ids.next();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  Execution execution;
  final List<RunnerCommand> commands = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<ResultMail> mails = new ArrayList<>();

  void begin(String yaml) {
    WorkflowDefinition definition = WorkflowParser.parse(yaml);
    execution =
        new Execution(
            new Acceptance(
                id,
                Kind.WORKFLOW,
                Ids.next(),
                definition,
                StepGraph.of(definition),
                Map.of("P", "1"),
                null,
                "inline",
                null,
                "default",
                Duration.ofHours(1),
                true,
                0,
                now,
                null,
                Limits.NONE,
                null,
                null));
    Effects effects = new Effects(TOPICS);
    Engine.accept(execution, now, effects);
    collect(effects);
  }

  void collect(Effects effects) {
    for (OutboxMessage message : effects.messages()) {
      if (message.topic().equals(TOPICS.events())) {
        events.add(message.headers().get("ce_type"));
        assertThat(message.headers())
            .as("sequence without gap")
            .containsEntry("ce_sequence", Integer.toString(events.size()));
      } else if (message.topic().equals(TOPICS.mails())) {
        mails.add(read(message, ResultMail.class));
      } else {
        commands.add(read(message, RunnerCommand.class));
      }
    }
  }

  private static <T> T read(OutboxMessage message, Class<T> type) {
    try {
      return ProtocolJson.read(message.payload(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void apply(dev.gantry.executions.protocol.StepEvent event) {
    Effects effects = new Effects(TOPICS);
    Engine.apply(execution, event, DISRUPTIONS, now, effects);
    collect(effects);
  }

  void tick(Duration later) {
    now = now.plus(later);
    Effects effects = new Effects(TOPICS);
    Engine.tick(execution, now, effects);
    collect(effects);
  }

  void started(int step, int attempt) {
    apply(new StepStarted(id, step, attempt, "default", now));
  }

  void finished(int step, int attempt, Outcome outcome, boolean continues) {
    finished(step, attempt, outcome, "out" + step, continues);
  }

  void finished(int step, int attempt, Outcome outcome, String output, boolean continues) {
    int code = outcome == Outcome.COMPLETED ? 0 : 3;
    String error = outcome == Outcome.COMPLETED ? null : "exit code 3";
    apply(
        new StepFinished(
            id, step, attempt, outcome, code, error, output, false, 0, 0, now, now, continues));
  }

  /** The platform has ended the attempt, and may not do so to the next. */
  void disrupted(int step, int attempt) {
    apply(
        new StepFinished(
            id,
            step,
            attempt,
            Outcome.INFRASTRUCTURE,
            null,
            "Evicted: no disk",
            null,
            false,
            0,
            0,
            now,
            now,
            false,
            true,
            StepPhases.NONE));
  }

  StepStatus status(int step) {
    return execution.state(step).status();
  }

  List<Integer> lastSegment() {
    return ((RunSteps) commands.get(commands.size() - 1))
        .steps().stream().map(StepSpec::index).toList();
  }
}
