package dev.gantry.agents;

import dev.gantry.resources.Fields;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create and of an update. A field that is absent, or null, keeps what there is; an
 * empty one takes it away.
 */
record AgentRequest(
    @Schema(maxLength = 255) String name,
    String description,
    @Schema(enumeration = {"active", "inactive"}) String status,
    @Schema(maxItems = 100, description = "Ids of sources") List<String> sources,
    Map<String, String> environmentVariables,
    @Schema(maxItems = 100, description = "Names of secrets") List<String> secrets,
    @Schema(maxLength = 255) String runner,
    String aiInstructions,
    @Schema(maxLength = 255) String llmModel,
    AgentWebhook webhook,
    AgentPolicy policy) {
  private static final int MAX_LINE = 255;
  private static final int MAX_DESCRIPTION_BYTES = 4 << 10;
  private static final int MAX_INSTRUCTIONS_BYTES = 64 << 10;

  /** What is wrong with the fields by themselves. */
  void check(Fields fields) {
    fields
        .line("name", name, MAX_LINE)
        .text("description", description, MAX_DESCRIPTION_BYTES)
        .oneOf("status", status, List.of(Agent.ACTIVE, Agent.INACTIVE))
        .names("sources", sources)
        .variables("environment_variables", environmentVariables)
        .names("secrets", secrets)
        .lineOrEmpty("runner", runner, MAX_LINE)
        .text("ai_instructions", aiInstructions, MAX_INSTRUCTIONS_BYTES)
        .lineOrEmpty("llm_model", llmModel, MAX_LINE);
    if (webhook != null) {
      webhook.check(fields);
    }
    if (policy != null) {
      policy.check(fields);
    }
  }

  void applyTo(Agent agent) {
    given(name, value -> agent.name = value);
    given(description, value -> agent.description = value);
    given(status, value -> agent.status = value);
    given(sources, value -> agent.sources = value);
    given(environmentVariables, value -> agent.environmentVariables = value);
    given(secrets, value -> agent.secrets = value);
    given(runner, value -> agent.runner = value);
    given(aiInstructions, value -> agent.aiInstructions = value);
    given(llmModel, value -> agent.llmModel = value);
    given(webhook, value -> agent.webhook = value.isNothing() ? null : value);
    given(policy, value -> agent.policy = value.isNothing() ? null : value);
  }

  private static <T> void given(T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }
}
