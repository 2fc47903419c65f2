package dev.gantry.executions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.platform.Durations;
import dev.gantry.resources.Fields;
import dev.gantry.sources.WorkflowSource;
import dev.gantry.tools.NamedDefinition;
import dev.gantry.workflows.Fault;
import dev.gantry.workflows.InvalidDefinitionException;
import dev.gantry.workflows.Parameters;
import dev.gantry.workflows.QueueName;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.Step;
import dev.gantry.workflows.WorkflowParser;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns request bodies into what can be accepted, or says what is wrong with them. Pure code. */
final class Requests {
  private static final int MOST_PRIORITY = 1000;

  private Requests() {}

  /** {@code stored} when the workflow is one that a source has. */
  static String sourceType(ExecuteWorkflow body) {
    if (body.workflow() != null) {
      requireNameAlone(body);
      return "stored";
    }
    if (body.type() != null) {
      return body.type();
    }
    return body.definition() == null ? "github" : "inline";
  }

  private static void requireNameAlone(ExecuteWorkflow body) {
    if (body.type() != null) {
      throw ApiException.invalid("type", "does not go with workflow, which names one of a source");
    }
    if (body.definition() != null && !body.definition().isNull()) {
      throw ApiException.invalid("definition", "does not go with workflow; give one of them");
    }
  }

  static void checkTurn(String queue, Integer priority) {
    Fields fields = new Fields();
    if (queue != null && !QueueName.isOwn(queue)) {
      fields.fault("queue", QueueName.RULE);
    }
    fields.between("priority", priority, -MOST_PRIORITY, MOST_PRIORITY).check();
  }

  static List<String> named(String queue) {
    return queue == null ? List.of() : List.of(queue);
  }

  static AcceptExecution.Request inline(ExecuteWorkflow body) {
    JsonNode definition = body.definition();
    if (definition == null || !(definition.isTextual() || definition.isObject())) {
      throw ApiException.invalid(
          "definition", "is required: the workflow as an object, or as YAML or JSON text");
    }
    if (body.source() != null) {
      throw ApiException.invalid("source", "does not go with type 'inline'");
    }
    WorkflowDefinition parsed =
        valid(
            () ->
                definition.isTextual()
                    ? WorkflowParser.parse(definition.textValue())
                    : WorkflowParser.parse(definition));
    return workflow(body, parsed, null, "inline", null);
  }

  static AcceptExecution.Request fetched(ExecuteWorkflow body, WorkflowSource.Fetched fetched) {
    WorkflowDefinition parsed = valid(() -> WorkflowParser.parse(fetched.text()));
    return workflow(body, parsed, body.source(), body.type(), fetched.commit());
  }

  private static AcceptExecution.Request workflow(
      ExecuteWorkflow body,
      WorkflowDefinition definition,
      String source,
      String sourceType,
      String commit) {
    Map<String, String> given = texts(body.variables());
    given.putAll(texts(body.parameters()));
    Map<String, String> variables = variables(definition, given);
    Duration timeout =
        body.timeout() == null ? definition.timeout() : duration("timeout", body.timeout());
    return new AcceptExecution.Request(
        Kind.WORKFLOW,
        definition,
        variables,
        source,
        sourceType,
        commit,
        body.runner() == null ? definition.runner() : body.runner(),
        timeout,
        Boolean.TRUE.equals(body.saveTrace()),
        named(body.queue() == null ? definition.concurrency().queue() : body.queue()),
        body.priority() == null ? 0 : body.priority(),
        null);
  }

  /** The same definition once more, with what the caller changes. */
  static AcceptExecution.Request again(Execution before, RerunWorkflow body, Rerun rerun) {
    Acceptance accepted = before.accepted();
    Map<String, String> given = new HashMap<>(accepted.variables());
    given.keySet().removeAll(accepted.definition().env().keySet());
    given.putAll(texts(body.variables()));
    return new AcceptExecution.Request(
        Kind.WORKFLOW,
        accepted.definition(),
        variables(accepted.definition(), given),
        accepted.source(),
        accepted.sourceType(),
        accepted.sourceCommit(),
        body.runner() == null ? accepted.runner() : body.runner(),
        body.timeout() == null ? accepted.timeout() : duration("timeout", body.timeout()),
        body.saveTrace() == null ? accepted.saveTrace() : body.saveTrace(),
        named(accepted.limits().named()),
        accepted.limits().priority(),
        rerun);
  }

  /** The definition's params under what is given, and its env. */
  private static Map<String, String> variables(
      WorkflowDefinition definition, Map<String, String> given) {
    Map<String, String> variables =
        new HashMap<>(valid(() -> Parameters.resolve(definition, given)));
    definition
        .env()
        .forEach((name, value) -> variables.put(name, Substitution.apply(value, variables)));
    return variables;
  }

  /** The workflow of a source, as its last scan read it. */
  static AcceptExecution.Request stored(ExecuteWorkflow body, NamedDefinition found) {
    WorkflowDefinition parsed = valid(() -> WorkflowParser.parse(found.definition()));
    String source = body.source() == null ? found.source().toString() : body.source();
    AcceptExecution.Request request =
        workflow(body, parsed, source, found.sourceType(), found.commit());
    return request.runner() == null ? request.on(found.runner()) : request;
  }

  /** A step of {@code parent} for each of the items, in an execution of its own. */
  static AcceptExecution.Request forEach(
      Execution parent,
      String step,
      Action.Parallel parallel,
      List<String> items,
      Map<String, String> variables) {
    Acceptance accepted = parent.accepted();
    return new AcceptExecution.Request(
        Kind.WORKFLOW,
        accepted.definition().forEach(step, parallel, items),
        variables,
        accepted.source(),
        accepted.sourceType(),
        accepted.sourceCommit(),
        accepted.runner(),
        Duration.ZERO,
        accepted.saveTrace(),
        List.of(),
        accepted.limits().priority(),
        null);
  }

  /** What a step of {@code parent} runs: where the parent is, unless it says where. */
  static AcceptExecution.Request below(
      Execution parent, Step step, AcceptExecution.Request request) {
    return new AcceptExecution.Request(
        request.kind(),
        request.definition(),
        request.variables(),
        request.source(),
        request.sourceType(),
        request.sourceCommit(),
        request.runner() == null ? parent.accepted().runner() : request.runner(),
        step.timeout().isZero() ? request.timeout() : step.timeout(),
        parent.accepted().saveTrace(),
        request.queues(),
        parent.accepted().limits().priority(),
        null);
  }

  static Duration duration(String field, String text) {
    Duration duration =
        Durations.parse(text)
            .orElseThrow(
                () -> ApiException.invalid(field, "'" + text + "' is no duration like 30m"));
    if (duration.isZero()) {
      throw ApiException.invalid(field, "must be longer than nothing");
    }
    return duration;
  }

  static Map<String, String> texts(Map<String, JsonNode> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (values != null) {
      values.forEach(
          (name, value) -> {
            if (value != null && !value.isNull()) {
              texts.put(name, value.isTextual() ? value.textValue() : value.toString());
            }
          });
    }
    return texts;
  }

  interface Check<T> {
    T get();
  }

  private static <T> T valid(Check<T> check) {
    return valid("The workflow definition", check);
  }

  /**
   * @param what may have faults, at the beginning of a sentence
   */
  static <T> T valid(String what, Check<T> check) {
    try {
      return check.get();
    } catch (InvalidDefinitionException e) {
      throw invalid(what, e.faults());
    }
  }

  private static ApiException invalid(String what, List<Fault> faults) {
    Fault first = faults.get(0);
    String message =
        what + (faults.size() == 1 ? " has a fault" : " has " + faults.size() + " faults");
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        message,
        Map.of("field", first.place(), "error", first.message(), "faults", faults));
  }
}
