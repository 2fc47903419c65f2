package dev.gantry.models;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A model wants a tool called.
 *
 * @param id of this call, as the provider gave it; never null or empty
 * @param tool {@link ToolSpec#name}, or whatever the model has made up: it is to be checked
 * @param arguments JSON text as the model gave it, which may be no JSON at all; {@code {}} when it
 *     gave none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ToolCall(String id, String tool, String arguments) {}
