package dev.gantry.executions.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a step gets of its organization's secrets and integrations: the API's answer to the runner
 * that is about to start it. It never goes over Kafka, and nobody but the step's program may see
 * it.
 *
 * @param variables for the step's environment
 * @param secrets names of those variables whose values no log may show
 * @param cluster the step may use the cluster that it runs in, by an account of its pod
 */
public record StepGrants(Map<String, String> variables, List<String> secrets, boolean cluster) {
  public static final StepGrants NONE = new StepGrants(Map.of(), List.of(), false);

  /** The values that no log may show. */
  public Set<String> secretValues() {
    Set<String> values = new HashSet<>();
    secrets.forEach(name -> values.add(variables.get(name)));
    return values;
  }

  /** Without the values, which must not reach a log. */
  @Override
  public String toString() {
    return "StepGrants" + variables.keySet();
  }
}
