package dev.gantry.agents;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An agent as the API shows it; an optional field that has no value is left out.
 *
 * @param aiInstructions left out of lists, as {@code llmModel}
 */
@Schema(name = "Agent")
record AgentView(
    @Schema(format = "uuid") String uuid,
    String name,
    String description,
    @Schema(enumeration = {"active", "inactive"}) String status,
    Instant createdAt,
    Instant updatedAt,
    List<String> sources,
    Map<String, String> environmentVariables,
    List<String> secrets,
    @JsonInclude(Include.NON_EMPTY) String runner,
    @JsonInclude(Include.NON_EMPTY) String aiInstructions,
    @JsonInclude(Include.NON_EMPTY) String llmModel,
    @JsonInclude(Include.NON_NULL) AgentWebhook webhook,
    @JsonInclude(Include.NON_NULL) AgentPolicy policy) {

  static AgentView of(Agent agent) {
    return of(agent, agent.aiInstructions, agent.llmModel);
  }

  static AgentView listed(Agent agent) {
    return of(agent, null, null);
  }

  private static AgentView of(Agent agent, String aiInstructions, String llmModel) {
    return new AgentView(
        agent.publicId(),
        agent.name,
        agent.description,
        agent.status,
        agent.createdAt,
        agent.updatedAt,
        agent.sources,
        agent.environmentVariables,
        agent.secrets,
        agent.runner,
        aiInstructions,
        llmModel,
        agent.webhook,
        agent.policy);
  }

  /** What a create answers. */
  @Schema(name = "AgentCreated")
  record Created(
      @Schema(format = "uuid") String uuid,
      String name,
      String description,
      @Schema(enumeration = {"active", "inactive"}) String status,
      Instant createdAt,
      Instant updatedAt) {

    static Created of(Agent agent) {
      return new Created(
          agent.publicId(),
          agent.name,
          agent.description,
          agent.status,
          agent.createdAt,
          agent.updatedAt);
    }
  }
}
