package dev.gantry.executions.protocol;

import java.util.ArrayList;
import java.util.HashMap;
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

  /** The variable of a token for this installation's API, for a step that is to call it. */
  public static final String TOKEN = "GANTRY_API_TOKEN";

  /** The variable of that API's address, without a slash at its end. */
  public static final String API_URL = "GANTRY_API_URL";

  /** The same and one more, which no log may show. */
  public StepGrants with(String name, String secret) {
    Map<String, String> more = new HashMap<>(variables);
    more.put(name, secret);
    List<String> hidden = new ArrayList<>(secrets);
    hidden.add(name);
    return new StepGrants(more, hidden, cluster);
  }

  /** The same that tells who has a token where to go with it: as the runner reaches the API. */
  public StepGrants at(String apiUrl) {
    if (!variables.containsKey(TOKEN)) {
      return this;
    }
    Map<String, String> more = new HashMap<>(variables);
    more.put(API_URL, apiUrl);
    return new StepGrants(more, secrets, cluster);
  }

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
