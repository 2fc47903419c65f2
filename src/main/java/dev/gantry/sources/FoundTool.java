package dev.gantry.sources;

import dev.gantry.workflows.ToolDefinition;

/**
 * A tool that a scan has found.
 *
 * @param definition its definition by itself, as JSON
 * @param file where it stands
 */
public record FoundTool(ToolDefinition tool, String definition, String file) {}
