package dev.gantry.agents;

import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent as it is stored. A text that was not given is empty. */
@Entity
@Table(name = "agents")
public class Agent extends Resource {
  static final String ACTIVE = "active";
  static final String INACTIVE = "inactive";

  public String description = "";
  public String status = ACTIVE;

  @Convert(converter = JsonColumn.Texts.class)
  public List<String> sources = List.of();

  @Convert(converter = JsonColumn.Texts.class)
  public List<String> secrets = List.of();

  @Column(name = "environment_variables")
  @Convert(converter = JsonColumn.Variables.class)
  public Map<String, String> environmentVariables = Map.of();

  public String runner = "";

  @Column(name = "ai_instructions")
  public String aiInstructions = "";

  @Column(name = "llm_model")
  public String llmModel = "";

  @Convert(converter = AgentWebhook.InColumn.class)
  public AgentWebhook webhook;

  @Convert(converter = AgentPolicy.InColumn.class)
  public AgentPolicy policy;

  @Override
  protected Optional<Map<String, Object>> told() {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("uuid", publicId());
    told.put("name", name);
    told.put("status", status);
    return Optional.of(told);
  }
}
