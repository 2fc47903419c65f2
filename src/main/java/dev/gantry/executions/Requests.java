package dev.gantry.executions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.platform.Durations;
import dev.gantry.resources.Fields;
import dev.gantry.sources.WorkflowSource;
import dev.gantry.workflows.Fault;
import dev.gantry.workflows.Grants;
import dev.gantry.workflows.InvalidDefinitionException;
import dev.gantry.workflows.Parameters;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import dev.gantry.workflows.WorkflowParser;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns request bodies into what can be accepted, or says what is wrong with them. Pure code. */
final class Requests {
  private Requests() {}

  static String sourceType(ExecuteWorkflow body) {
    if (body.type() != null) {
      return body.type();
    }
    return body.definition() == null ? "github" : "inline";
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
    Map<String, String> variables =
        new HashMap<>(valid(() -> Parameters.resolve(definition, given)));
    definition
        .env()
        .forEach((name, value) -> variables.put(name, Substitution.apply(value, variables)));
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
        Boolean.TRUE.equals(body.saveTrace()));
  }

  /** A tool execution is an execution with one step, named like the tool. */
  static AcceptExecution.Request tool(ExecuteTool body) {
    if (body.name() == null || body.name().isBlank()) {
      throw ApiException.invalid("name", "is required");
    }
    if (body.content() == null || body.content().isBlank()) {
      throw ApiException.invalid("content", "is required: the script that the tool runs");
    }
    if (body.type() != null && !body.type().equals("docker")) {
      throw ApiException.invalid("type", "'" + body.type() + "' is not known; there is: docker");
    }
    ToolDefinition tool =
        new ToolDefinition(
            body.name(),
            "",
            "docker",
            body.image(),
            body.content(),
            List.of(),
            List.of(),
            texts(body.environment()),
            grants(body));
    Duration timeout = body.timeout() == null ? Duration.ZERO : duration("timeout", body.timeout());
    WorkflowDefinition.Step step =
        new WorkflowDefinition.Step(
            body.name(),
            "",
            List.of(),
            new Action.Tool(tool, texts(body.args())),
            Map.of(),
            null,
            timeout,
            null,
            RetryPolicy.NONE,
            ContinueOn.NEVER);
    WorkflowDefinition definition =
        new WorkflowDefinition(
            body.name(), "", null, List.of(), Map.of(), Grants.NONE, Duration.ZERO, List.of(step));
    return new AcceptExecution.Request(
        Kind.TOOL, definition, Map.of(), null, "inline", null, body.runner(), Duration.ZERO, false);
  }

  private static Grants grants(ExecuteTool body) {
    Fields fields =
        new Fields().names("secrets", body.secrets()).names("integrations", body.integrations());
    Map<String, String> secrets = new LinkedHashMap<>();
    List<String> names = body.secrets() == null ? List.of() : body.secrets();
    for (int i = 0; i < names.size(); i++) {
      fields.variable("secrets[" + i + "]", names.get(i));
      secrets.put(names.get(i), names.get(i));
    }
    fields.check();
    return new Grants(
        secrets, body.integrations() == null ? List.of() : List.copyOf(body.integrations()));
  }

  private static Duration duration(String field, String text) {
    Duration duration =
        Durations.parse(text)
            .orElseThrow(
                () -> ApiException.invalid(field, "'" + text + "' is no duration like 30m"));
    if (duration.isZero()) {
      throw ApiException.invalid(field, "must be longer than nothing");
    }
    return duration;
  }

  private static Map<String, String> texts(Map<String, JsonNode> values) {
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

  private interface Check<T> {
    T get();
  }

  private static <T> T valid(Check<T> check) {
    try {
      return check.get();
    } catch (InvalidDefinitionException e) {
      throw invalid(e.faults());
    }
  }

  private static ApiException invalid(List<Fault> faults) {
    Fault first = faults.get(0);
    String message =
        faults.size() == 1
            ? "The workflow definition has a fault"
            : "The workflow definition has " + faults.size() + " faults";
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        message,
        Map.of("field", first.place(), "error", first.message(), "faults", faults));
  }
}
