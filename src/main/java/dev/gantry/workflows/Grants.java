package dev.gantry.workflows;

import java.util.List;
import java.util.Map;

/**
 * What a workflow or a tool asks of the organization's for its steps.
 *
 * @param secrets names of secrets, by the variable that is to hold the value
 * @param integrations names or ids of integrations
 */
public record Grants(Map<String, String> secrets, List<String> integrations) {
  public static final Grants NONE = new Grants(Map.of(), List.of());

  /** What was stored by a version that knew of none has none. */
  public static Grants orNone(Grants stored) {
    return stored == null ? NONE : stored;
  }

  public boolean none() {
    return secrets.isEmpty() && integrations.isEmpty();
  }
}
