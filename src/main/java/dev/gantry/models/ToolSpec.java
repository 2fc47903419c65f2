package dev.gantry.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A tool, as a model is told of it.
 *
 * @param name 1 to 64 of {@code a-z A-Z 0-9 _ -}: no provider takes more
 * @param description what it is for, for the model; may be null
 * @param parameters JSON Schema of an object; null = it has none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ToolSpec(String name, String description, JsonNode parameters) {}
