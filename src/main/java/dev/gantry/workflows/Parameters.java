package dev.gantry.workflows;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
    requestVariables.forEach((name, value) -> take(place(name), name, value, resolved, faults));
    workflow
        .params()
        .forEach(param -> check(place(param.name()), param, requestVariables, resolved, faults));
    faults.throwIfAny();
    return Collections.unmodifiableMap(resolved);
  }

  /**
   * What a person gave for an approval, with the defaults of the rest.
   *
   * @throws InvalidDefinitionException with all faults, at {@code input.NAME}
   */
  public static Map<String, String> input(
      List<WorkflowDefinition.Parameter> declared, Map<String, String> given) {
    Faults faults = new Faults();
    Place root = Place.ROOT.key("input");
    Map<String, String> input = new LinkedHashMap<>();
    declared.stream()
        .filter(param -> param.value() != null)
        .forEach(param -> input.put(param.name(), param.value()));
    for (String name : given.keySet()) {
      if (declared.stream().noneMatch(param -> param.name().equals(name))) {
        faults.add(root.key(name), Mark.NONE, "is not asked for");
      }
    }
    given.forEach((name, value) -> take(root.key(name), name, value, input, faults));
    declared.forEach(param -> check(root.key(param.name()), param, given, input, faults));
    faults.throwIfAny();
    return input;
  }

  private static void take(
      Place place, String name, String value, Map<String, String> resolved, Faults faults) {
    if (!Names.isVariable(name)) {
      faults.add(place, Mark.NONE, Names.faultOfVariable(name));
    } else if (value != null && value.indexOf('\0') >= 0) {
      faults.add(place, Mark.NONE, "holds a NUL character");
    } else if (value != null) {
      resolved.put(name, value);
    }
  }

  private static void check(
      Place place,
      WorkflowDefinition.Parameter param,
      Map<String, String> given,
      Map<String, String> resolved,
      Faults faults) {
    if (param.required() && !resolved.containsKey(param.name())) {
      faults.add(place, Mark.NONE, "is missing: the workflow requires it");
    }
    String value = given.get(param.name());
    ValueType type = ValueType.of(param.type());
    if (value != null && !type.takes(value)) {
      faults.add(place, Mark.NONE, type.refusal(value));
    }
  }

  private static Place place(String name) {
    return Place.ROOT.key("variables").key(name);
  }
}
