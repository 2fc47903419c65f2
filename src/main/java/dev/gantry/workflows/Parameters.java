package dev.gantry.workflows;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Brings a workflow's parameters and the caller's variables together. For any thread. */
public final class Parameters {
  private Parameters() {}

  /**
   * The variables that an execution begins with: the definition's defaults under the caller's. A
   * variable that the definition does not declare is one too; a null counts as absent.
   *
   * @throws InvalidDefinitionException with all faults, at {@code variables.NAME}
   */
  public static Map<String, String> resolve(
      WorkflowDefinition workflow, Map<String, String> requestVariables) {
    Faults faults = new Faults();
    Map<String, String> resolved = new LinkedHashMap<>();
    workflow.params().stream()
        .filter(param -> param.value() != null)
        .forEach(param -> resolved.put(param.name(), param.value()));
    requestVariables.forEach((name, value) -> take(name, value, resolved, faults));
    workflow.params().forEach(param -> check(param, requestVariables, resolved, faults));
    faults.throwIfAny();
    return Collections.unmodifiableMap(resolved);
  }

  private static void take(String name, String value, Map<String, String> resolved, Faults faults) {
    if (!Names.isVariable(name)) {
      faults.add(place(name), Mark.NONE, Names.faultOfVariable(name));
    } else if (value != null && value.indexOf('\0') >= 0) {
      faults.add(place(name), Mark.NONE, "holds a NUL character");
    } else if (value != null) {
      resolved.put(name, value);
    }
  }

  private static void check(
      WorkflowDefinition.Parameter param,
      Map<String, String> given,
      Map<String, String> resolved,
      Faults faults) {
    if (param.required() && !resolved.containsKey(param.name())) {
      faults.add(place(param.name()), Mark.NONE, "is missing: the workflow requires it");
    }
    String value = given.get(param.name());
    ValueType type = ValueType.of(param.type());
    if (value != null && !type.takes(value)) {
      faults.add(place(param.name()), Mark.NONE, type.refusal(value));
    }
  }

  private static Place place(String name) {
    return Place.ROOT.key("variables").key(name);
  }
}
