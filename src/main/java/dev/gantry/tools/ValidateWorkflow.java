package dev.gantry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of {@code POST /workflows/validate}.
 *
 * @param definition an object, or YAML or JSON as text
 */
public record ValidateWorkflow(
    @Schema(description = "An object, or YAML or JSON as text") JsonNode definition) {}
