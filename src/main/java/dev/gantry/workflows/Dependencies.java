package dev.gantry.workflows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns the names that steps wait for into indexes, and tells what cannot be waited for. */
final class Dependencies {
  private static final int MOST_NAMES = 12;

  private final List<StepDraft> drafts;
  private final boolean chain;
  private final Map<String, Integer> byName = new LinkedHashMap<>();

  Dependencies(List<StepDraft> drafts, boolean chain) {
    this.drafts = drafts;
    this.chain = chain;
  }

  /** The steps with their dependencies; without those that are faults. */
  List<WorkflowDefinition.Step> steps() {
    nameAll();
    List<List<Integer>> depends = new ArrayList<>(drafts.size());
    for (int i = 0; i < drafts.size(); i++) {
      depends.add(dependsOf(i));
    }
    Cycles.in(depends).forEach(this::tell);
    List<WorkflowDefinition.Step> steps = new ArrayList<>(drafts.size());
    for (int i = 0; i < drafts.size(); i++) {
      steps.add(drafts.get(i).after(depends.get(i)));
    }
    return List.copyOf(steps);
  }

  /** Names first: an id must give way to a name, wherever the two stand. */
  private void nameAll() {
    for (int i = 0; i < drafts.size(); i++) {
      StepDraft draft = drafts.get(i);
      if (draft.step().name() != null) {
        take(draft.step().name(), i, draft.field().place().key("name"), draft.field().value());
      }
    }
    for (int i = 0; i < drafts.size(); i++) {
      Field id = drafts.get(i).id();
      String text = id == null ? null : id.name();
      if (text != null && !text.equals(drafts.get(i).step().name())) {
        take(text, i, id.place(), id.value());
      }
    }
  }

  private void take(String name, int index, Place place, Value at) {
    Integer first = byName.putIfAbsent(name, index);
    if (first != null) {
      String message =
          "duplicate step " + Quoted.quote(name) + ": steps[" + first + "] is called so already";
      faults(index).add(place, at.mark(), message);
    }
  }

  private List<Integer> dependsOf(int index) {
    List<Field> given = drafts.get(index).depends();
    if (given == null) {
      return chain && index > 0 ? List.of(index - 1) : List.of();
    }
    Set<Integer> indexes = new LinkedHashSet<>();
    for (Field name : given) {
      Integer before = find(name, index);
      if (before != null) {
        indexes.add(before);
      }
    }
    return List.copyOf(indexes);
  }

  private Integer find(Field field, int index) {
    String name = field.text();
    if (name == null) {
      return null;
    }
    Integer before = byName.get(name);
    if (before == null) {
      String hint = field.reading().nearest().hint(name, byName.keySet());
      field.fault("there is no step " + Quoted.quote(name) + hint);
    } else if (drafts.get(before).step().handles() != null) {
      field.fault(Quoted.quote(name) + " is a handler, which no step can wait for");
      return null;
    } else if (before == index) {
      field.fault("the step waits for itself");
      return null;
    }
    return before;
  }

  private void tell(List<Integer> cycle) {
    String names =
        cycle.stream()
            .limit(MOST_NAMES)
            .map(step -> nameOf(step))
            .collect(Collectors.joining(" → "));
    String more = cycle.size() > MOST_NAMES ? " → … (" + cycle.size() + " steps)" : "";
    String message = "steps wait for each other: " + names + more + " → " + nameOf(cycle.get(0));
    int first = cycle.get(0);
    Field step = drafts.get(first).field();
    List<Field> depends = drafts.get(first).depends();
    Mark at = (depends == null ? step : depends.get(0)).value().mark();
    faults(first).add(step.place().key("depends"), at, message);
  }

  private String nameOf(int step) {
    String name = drafts.get(step).step().name();
    return name == null ? "steps[" + step + "]" : Quoted.shown(name);
  }

  private Faults faults(int step) {
    return drafts.get(step).field().reading().faults();
  }
}
