package dev.gantry.webhooks;

import dev.gantry.events.EventTypes;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import dev.gantry.webhooks.Target.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create and of an update. A field that is absent, or null, keeps what there is; an
 * empty one takes it away. Whoever names an agent, a workflow or a tool replaces all that was said
 * of the one before.
 *
 * @param variables of the workflow, each a {@link Template}, as {@code args} of the tool
 * @param filter see {@link EventFilter}
 * @param url of a subscription: its destination
 * @param events of a subscription: the types, in which {@code *} stands for any text
 * @param secret what messages are signed with
 * @param signed true makes a secret when there is none, false takes it away
 * @param ordered of a subscription: an event waits for the one before it of its subject
 */
record WebhookRequest(
    @Schema(description = "Required, but for a subscription", maxLength = 255) String name,
    @Schema(enumeration = {"http", "slack", "teams"}) String type,
    @Schema(description = "Where an answer goes", maxLength = 2048) String destination,
    @Schema(description = "May hold {{.event.a.b}} for values of the event") String prompt,
    @Schema(description = "Name or id of the agent that is asked", maxLength = 255) String agent,
    @Schema(description = "Name of the workflow that is started", maxLength = 255) String workflow,
    @Schema(description = "Name of the tool that is started", maxLength = 255) String tool,
    @Schema(description = "Id or name of the source that has it", maxLength = 255) String source,
    @Schema(maxLength = 255) String runner,
    @Schema(description = "Of the workflow; may hold {{.event.a.b}}") Map<String, String> variables,
    @Schema(description = "Of the tool; may hold {{.event.a.b}}") Map<String, String> args,
    @Schema(description = "JMESPath that an event has to pass", maxLength = 1024) String filter,
    @Schema(description = "Where a subscription is sent to", maxLength = 2048) String url,
    @Schema(description = "Types of events, in which * stands for any text") List<String> events,
    @Schema(description = "What messages are signed with", maxLength = 255) String secret,
    @Schema(description = "true makes a secret, false takes it away") Boolean signed,
    @Schema(description = "Of a subscription: whether events of a subject come one by one")
        Boolean ordered) {
  private static final int MAX_LINE = 255;
  private static final int MAX_DESTINATION = 2048;
  private static final int MAX_PROMPT_BYTES = 64 << 10;

  /** What is wrong with the fields by themselves. */
  void check(Fields fields) {
    fields
        .line("name", name, MAX_LINE)
        .oneOf("type", type, Webhook.TYPES)
        .lineOrEmpty("destination", destination, MAX_DESTINATION)
        .line("url", url, MAX_DESTINATION)
        .text("prompt", prompt, MAX_PROMPT_BYTES)
        .lineOrEmpty("agent", agent, MAX_LINE)
        .lineOrEmpty("workflow", workflow, MAX_LINE)
        .lineOrEmpty("tool", tool, MAX_LINE)
        .lineOrEmpty("source", source, MAX_LINE)
        .lineOrEmpty("runner", runner, MAX_LINE)
        .names("events", events)
        .line("secret", secret, MAX_LINE);
    Template.check("prompt", prompt, fields);
    checkTarget(fields);
    EventFilter.check("filter", filter, fields);
    checkEvents(fields);
    if (secret != null && Boolean.FALSE.equals(signed)) {
      fields.fault("secret", "does not go with signed: false");
    }
  }

  private void checkTarget(Fields fields) {
    if (Stream.of(agent, workflow, tool).filter(WebhookRequest::isSaid).count() > 1) {
      fields.fault("workflow", "is one of agent, workflow and tool; a webhook starts one of them");
    }
    checkInputs("variables", variables, fields);
    checkInputs("args", args, fields);
  }

  private static void checkInputs(String field, Map<String, String> inputs, Fields fields) {
    fields.variables(field, inputs);
    if (inputs != null) {
      inputs.forEach((name, value) -> Template.check(field + "." + name, value, fields));
    }
  }

  private void checkEvents(Fields fields) {
    for (int i = 0; events != null && i < events.size(); i++) {
      String pattern = events.get(i);
      if (pattern != null && !EventTypes.isPattern(pattern)) {
        fields.fault(
            "events[" + i + "]",
            "means none of the events that there are: " + String.join(", ", EventTypes.ALL));
      }
    }
    if (url != null && isSaid(destination) && !url.equals(destination)) {
      fields.fault("url", "is another name of destination, which says something else");
    }
  }

  private static boolean isSaid(String text) {
    return text != null && !text.isEmpty();
  }

  /** The kind that the body names; null when it names none. */
  Kind kind() {
    return isSaid(workflow) ? Kind.WORKFLOW : isSaid(tool) ? Kind.TOOL : agentKind();
  }

  private Kind agentKind() {
    return isSaid(agent) ? Kind.AGENT : null;
  }

  /** Whether the body says anything of what is started. */
  private boolean saysTarget() {
    return Stream.of(agent, workflow, tool).anyMatch(Objects::nonNull);
  }

  void applyTo(Webhook webhook) {
    given(name, value -> webhook.name = value);
    given(type, value -> webhook.type = value);
    given(destination, value -> webhook.destination = value);
    given(url, value -> webhook.destination = value);
    given(prompt, value -> webhook.prompt = value);
    given(filter, value -> webhook.filter = value);
    given(events, value -> webhook.events = value);
    given(ordered, value -> webhook.ordered = value);
    webhook.target = target(webhook.target);
  }

  /** What is started, after this request. */
  private Target target(Target before) {
    Kind kind = kind();
    if (kind == null && (saysTarget() || before == null)) {
      requireNothing();
      return null;
    }
    Target base = kind == null ? before : new Target(kind, named(kind), null, null, Map.of());
    return new Target(
        base.kind(),
        base.name(),
        said(source, base.source()),
        said(runner, base.runner()),
        inputs(base));
  }

  private void requireNothing() {
    if (isSaid(source) || isSaid(runner) || variables != null || args != null) {
      throw ApiException.invalid("workflow", "or tool is required by source, runner and values");
    }
  }

  private String named(Kind kind) {
    return switch (kind) {
      case AGENT -> agent;
      case WORKFLOW -> workflow;
      case TOOL -> tool;
    };
  }

  private static String said(String given, String before) {
    return given == null ? before : given.isEmpty() ? null : given;
  }

  private Map<String, String> inputs(Target target) {
    requireOnlyWith(Kind.WORKFLOW, "variables", variables, target);
    requireOnlyWith(Kind.TOOL, "args", args, target);
    Map<String, String> given = variables == null ? args : variables;
    return given == null ? target.inputs() : given;
  }

  private static void requireOnlyWith(
      Kind kind, String field, Map<String, String> inputs, Target target) {
    if (inputs != null && target.kind() != kind) {
      throw ApiException.invalid(field, "goes with " + kind.field() + " only");
    }
  }

  private static <T> void given(T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }

  /** Without the secret, which must not reach a log. */
  @Override
  public String toString() {
    return "WebhookRequest[name=" + name + "]";
  }
}
