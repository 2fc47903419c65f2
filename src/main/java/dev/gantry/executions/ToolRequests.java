package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import dev.gantry.tools.NamedDefinition;
import dev.gantry.workflows.Grants;
import dev.gantry.workflows.ToolArguments;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.ToolParser;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns the body of a tool's execution into what can be accepted, or says what is wrong with it. A
 * tool execution is an execution with one step, named like the tool. Pure code.
 */
final class ToolRequests {
  private static final int MAX_LINE = 255;

  private ToolRequests() {}

  /** Whether the body only names a tool, which a source must have. */
  static boolean isByName(ExecuteTool body) {
    check(body);
    return body.content() == null && body.image() == null;
  }

  private static void check(ExecuteTool body) {
    if (body.name() == null || body.name().isBlank()) {
      throw ApiException.invalid("name", "is required");
    }
    new Fields().line("name", body.name(), MAX_LINE).check();
    if (body.type() != null && !body.type().equals("docker")) {
      throw ApiException.invalid("type", "'" + body.type() + "' is not known; there is: docker");
    }
  }

  /** A tool that the body itself defines. */
  static AcceptExecution.Request adHoc(ExecuteTool body) {
    if (body.content() == null || body.content().isBlank()) {
      throw ApiException.invalid(
          "content",
          "is required: the script that the tool runs; leave out image too to run one of a source");
    }
    if (body.source() != null) {
      throw ApiException.invalid("source", "does not go with content: it has the tool by its name");
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
            Requests.texts(body.environment()),
            grants(body, Grants.NONE));
    return request(body, tool, Requests.texts(body.args()), null);
  }

  /** The tool of a source, as its last scan read it. */
  static AcceptExecution.Request stored(ExecuteTool body, NamedDefinition found) {
    ToolDefinition declared = ToolParser.parse(found.definition());
    Map<String, String> args =
        Requests.valid(
            "The call of the tool '" + found.name() + "'",
            () -> ToolArguments.check(declared, Requests.texts(body.args())));
    Map<String, String> env = new LinkedHashMap<>(declared.env());
    env.putAll(Requests.texts(body.environment()));
    ToolDefinition tool = declared.with(env, grants(body, declared.grants()));
    return request(body, tool, args, found);
  }

  /** What the tool asks for, and what the request adds to it. */
  private static Grants grants(ExecuteTool body, Grants declared) {
    Fields fields =
        new Fields().names("secrets", body.secrets()).names("integrations", body.integrations());
    Map<String, String> secrets = new LinkedHashMap<>(declared.secrets());
    List<String> names = body.secrets() == null ? List.of() : body.secrets();
    for (int i = 0; i < names.size(); i++) {
      fields.variable("secrets[" + i + "]", names.get(i));
      secrets.put(names.get(i), names.get(i));
    }
    fields.check();
    Set<String> integrations = new LinkedHashSet<>(declared.integrations());
    integrations.addAll(body.integrations() == null ? List.of() : body.integrations());
    return new Grants(secrets, List.copyOf(integrations));
  }

  private static AcceptExecution.Request request(
      ExecuteTool body, ToolDefinition tool, Map<String, String> args, NamedDefinition found) {
    Duration timeout =
        body.timeout() == null ? Duration.ZERO : Requests.duration("timeout", body.timeout());
    WorkflowDefinition.Step step =
        new WorkflowDefinition.Step(
            tool.name(),
            "",
            List.of(),
            new Action.Tool(tool, args),
            Map.of(),
            null,
            timeout,
            null,
            RetryPolicy.NONE,
            ContinueOn.NEVER,
            null,
            List.of(),
            null,
            null);
    AcceptExecution.Request request =
        new AcceptExecution.Request(
            Kind.TOOL,
            WorkflowDefinition.ofOneStep(tool.name(), step),
            Map.of(),
            found == null ? null : found.source().toString(),
            found == null ? "inline" : found.sourceType(),
            found == null ? null : found.commit(),
            body.runner(),
            Duration.ZERO,
            false,
            Requests.named(body.queue()),
            body.priority() == null ? 0 : body.priority(),
            null);
    return found == null || body.runner() != null ? request : request.on(found.runner());
  }
}
