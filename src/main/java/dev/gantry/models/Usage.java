package dev.gantry.models;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;

/**
 * What an answer has taken.
 *
 * @param inputTokens 0 when the provider does not tell
 * @param outputTokens 0 when the provider does not tell
 * @param cost in the unit of the configured prices; null when the model has none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Usage(long inputTokens, long outputTokens, BigDecimal cost) {}
