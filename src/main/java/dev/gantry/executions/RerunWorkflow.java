package dev.gantry.executions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of {@code POST /workflows/executions/{execution_id}/rerun}; everything may be left out.
 *
 * @param fromFailed false = every step runs again
 * @param steps names of steps that run again although they completed
 * @param variables over those of the execution; steps that are taken over keep what they put out
 */
public record RerunWorkflow(
    @Schema(description = "false runs every step again", defaultValue = "true") Boolean fromFailed,
    @Schema(description = "Steps that run again although they completed") List<String> steps,
    Map<String, JsonNode> variables,
    String runner,
    @Schema(ref = "Duration") String timeout,
    @Schema(description = "Answers what would be run, and runs nothing") Boolean dryRun,
    Boolean saveTrace) {
  static final RerunWorkflow PLAIN = new RerunWorkflow(null, null, null, null, null, null, null);
}
