package dev.gantry.executions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a person says to an approval; everything may be left out that it does not require.
 *
 * @param input of an approval alone
 */
@Schema(name = "Decision")
public record Decision(
    @Schema(description = "Up to 1,000 bytes") String comment,
    @Schema(description = "What the approval asks for, by name") Map<String, JsonNode> input) {
  static final Decision PLAIN = new Decision(null, null);
}
