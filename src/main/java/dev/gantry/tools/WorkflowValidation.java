package dev.gantry.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.workflows.DefinitionFile;
import dev.gantry.workflows.Fault;
import dev.gantry.workflows.WorkflowDefinition;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is wrong with a workflow, if anything.
 *
 * @param name null when it is not valid, as {@code steps}, the number of its steps
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"valid", "faults"})
record WorkflowValidation(boolean valid, String name, Integer steps, List<Fault> faults) {
  static WorkflowValidation of(DefinitionFile read) {
    WorkflowDefinition workflow = read.workflow().orElse(null);
    return new WorkflowValidation(
        workflow != null,
        workflow == null ? null : workflow.name(),
        workflow == null ? null : workflow.handlersFrom(),
        read.faults());
  }
}
