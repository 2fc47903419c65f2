package dev.gantry.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A workflow as the API shows it; what it does not have is left out.
 *
 * @param commit like the definition in the answer for one workflow only
 * @param definition the text of its file
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "Workflow",
    requiredProperties = {"uuid", "name", "description", "source", "created_at", "updated_at"})
record WorkflowView(
    @Schema(format = "uuid") String uuid,
    String name,
    String description,
    UUID source,
    JsonNode runner,
    JsonNode params,
    String file,
    Instant createdAt,
    Instant updatedAt,
    String commit,
    @Schema(description = "The text of its file") String definition) {

  static WorkflowView listed(Workflow workflow) {
    return new WorkflowView(
        workflow.publicId(),
        workflow.name,
        workflow.description,
        workflow.sourceId,
        workflow.details.get("runner"),
        workflow.details.get("params"),
        workflow.file,
        workflow.createdAt,
        workflow.updatedAt,
        null,
        null);
  }

  static WorkflowView of(NamedDefinition found) {
    JsonNode details = StoredJson.read(found.details());
    return new WorkflowView(
        found.id().toString(),
        found.name(),
        found.description(),
        found.source(),
        details.get("runner"),
        details.get("params"),
        found.file(),
        found.createdAt(),
        found.updatedAt(),
        found.commit(),
        found.definition());
  }
}
