package dev.gantry.tools;

import java.time.Instant;
import java.util.UUID;

/**
 * A tool or workflow of a source, whole.
 *
 * @param definition a tool's as JSON for {@link dev.gantry.workflows.ToolParser}, a workflow's as
 *     the text of its file
 * @param details JSON: what lists show of it
 * @param sourceType as {@code github}
 * @param runner of the source, or null
 * @param commit that the definition was read from; null for an inline source
 */
public record NamedDefinition(
    UUID id,
    String name,
    String description,
    String details,
    String definition,
    String file,
    UUID source,
    String sourceName,
    String sourceType,
    String runner,
    String commit,
    Instant createdAt,
    Instant updatedAt) {}
