package dev.gantry.sources;

import dev.gantry.workflows.WorkflowDefinition;

/**
 * A workflow that a scan has found.
 *
 * @param definition the text that it was read from
 * @param file where it stands
 */
public record FoundWorkflow(WorkflowDefinition workflow, String definition, String file) {}
