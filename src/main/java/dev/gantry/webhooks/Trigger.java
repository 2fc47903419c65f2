package dev.gantry.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.chat.StartTurn;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Document;
import dev.gantry.executions.ExecuteTool;
import dev.gantry.executions.ExecuteWorkflow;
import dev.gantry.executions.StartExecution;
import dev.gantry.executions.StartExecution.Started;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Starts what a webhook is for. A workflow gets the payload as the variable {@code event} and the
 * rendered prompt as {@code prompt}, beside the variables that the webhook has for it; a tool gets
 * the two in its environment, and its args; an agent gets the prompt as a message and the payload
 * as a document. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
class Trigger {
  /** What is said where a webhook has no prompt. */
  private static final String EVENT = "An event has come. Do what your instructions say of it.";

  private final StartExecution start;
  private final StartTurn turns;

  Trigger(StartExecution start, StartTurn turns) {
    this.start = start;
    this.turns = turns;
  }

  /**
   * Answers 202 with the execution, or 200 when the filter does not let the event pass. Fails with
   * 409 when the webhook starts nothing, and as {@link StartExecution} does.
   *
   * @param key null = the event starts one execution each time that it comes
   */
  Uni<RestResponse<Triggered>> fire(Webhook webhook, Actor actor, Event event, IdempotencyKey key) {
    requireTarget(webhook);
    if (!EventFilter.passes(webhook.filter, event.json())) {
      return Uni.createFrom().item(Triggered.ignored());
    }
    Map<String, JsonNode> about = new LinkedHashMap<>();
    about.put("event", TextNode.valueOf(event.text()));
    if (!webhook.prompt.isEmpty()) {
      about.put("prompt", text("prompt", webhook.prompt, event));
    }
    Uni<Started> started =
        webhook.target.kind() == Target.Kind.AGENT
            ? said(webhook, actor, event, key)
            : started(webhook.target, actor, event, about, key);
    return started.map(Triggered::started);
  }

  /** Whoever sends the event says nothing to the agent: the event is data, as a document is. */
  private Uni<Started> said(Webhook webhook, Actor actor, Event event, IdempotencyKey key) {
    String message =
        webhook.prompt.isEmpty() ? EVENT : Template.render("prompt", webhook.prompt, event);
    Asked asked = new Asked(message, List.of(new Document("event", event.text())));
    return turns
        .agent(actor.organization(), "agent", webhook.target.name())
        .chain(agent -> turns.begin(actor, agent, null, asked, key));
  }

  private static void requireTarget(Webhook webhook) {
    if (webhook.isSubscription()) {
      throw conflict("This webhook tells of events and is not to be triggered");
    }
    if (webhook.target == null) {
      throw conflict(
          "This webhook starts nothing yet: name a workflow or a tool with PUT /api/v1/webhooks/"
              + webhook.publicId());
    }
  }

  private static ApiException conflict(String message) {
    return new ApiException(ErrorCode.CONFLICT, message, Map.of("field", "workflow"));
  }

  private Uni<Started> started(
      Target target, Actor actor, Event event, Map<String, JsonNode> about, IdempotencyKey key) {
    String field = target.kind() == Target.Kind.TOOL ? "args" : "variables";
    Map<String, JsonNode> inputs = new LinkedHashMap<>();
    target
        .inputs()
        .forEach((name, value) -> inputs.put(name, text(field + "." + name, value, event)));
    return target.kind() == Target.Kind.TOOL
        ? start.tool(actor, tool(target, inputs, about), key)
        : start.workflow(actor, workflow(target, inputs, about), key);
  }

  private static ExecuteTool tool(
      Target target, Map<String, JsonNode> args, Map<String, JsonNode> environment) {
    return new ExecuteTool(
        target.name(),
        null,
        null,
        null,
        target.source(),
        args,
        target.runner(),
        null,
        environment,
        null,
        null,
        null,
        null);
  }

  private static ExecuteWorkflow workflow(
      Target target, Map<String, JsonNode> inputs, Map<String, JsonNode> about) {
    Map<String, JsonNode> variables = new LinkedHashMap<>(about);
    variables.putAll(inputs);
    return new ExecuteWorkflow(
        target.name(),
        target.source(),
        null,
        null,
        variables,
        null,
        target.runner(),
        null,
        null,
        null,
        null);
  }

  private static JsonNode text(String field, String template, Event event) {
    return TextNode.valueOf(Template.render(field, template, event));
  }
}
