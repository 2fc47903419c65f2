package dev.gantry.workflows;

import java.util.List;

/**
 * A step as read, before its dependencies are known by index.
 *
 * @param field the step's place
 * @param id another name of the step for {@code depends}, or null
 * @param depends the names it gives, or null when it gives none and a chain implies one
 * @param step without dependencies; its name is null after a fault
 */
record StepDraft(Field field, Field id, List<Field> depends, WorkflowDefinition.Step step) {
  WorkflowDefinition.Step after(List<Integer> indexes) {
    return step.behind(indexes);
  }
}
