package dev.gantry.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.ToolParser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A tool as the API shows it; what it does not have is left out.
 *
 * @param content like all that follows it in the answer for one tool only
 * @param secrets like all that follows it as the definition has it, each scalar a text
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "Tool",
    requiredProperties = {
      "uuid",
      "name",
      "description",
      "type",
      "source",
      "created_at",
      "updated_at"
    })
record ToolView(
    @Schema(format = "uuid") String uuid,
    String name,
    String description,
    String type,
    JsonNode image,
    UUID source,
    JsonNode args,
    String file,
    Instant createdAt,
    Instant updatedAt,
    String content,
    @JsonInclude(Include.NON_EMPTY) List<String> entrypoint,
    @JsonInclude(Include.NON_EMPTY) Map<String, String> env,
    String commit,
    JsonNode secrets,
    JsonNode alias,
    JsonNode iconUrl,
    JsonNode mermaid,
    JsonNode metadata,
    JsonNode withFiles,
    JsonNode withVolumes,
    JsonNode withServices,
    JsonNode withGitRepo) {

  static ToolView listed(Tool tool) {
    return new ToolView(
        tool.publicId(),
        tool.name,
        tool.description,
        tool.type,
        tool.details.get("image"),
        tool.sourceId,
        tool.details.get("args"),
        tool.file,
        tool.createdAt,
        tool.updatedAt,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static ToolView of(NamedDefinition found) {
    ToolDefinition tool = ToolParser.parse(found.definition());
    JsonNode details = StoredJson.read(found.details());
    JsonNode written = StoredJson.read(found.definition());
    return new ToolView(
        found.id().toString(),
        found.name(),
        found.description(),
        tool.type(),
        details.get("image"),
        found.source(),
        details.get("args"),
        found.file(),
        found.createdAt(),
        found.updatedAt(),
        tool.content(),
        tool.entrypoint(),
        tool.env(),
        found.commit(),
        written.get("secrets"),
        written.get("alias"),
        either(written, "icon_url", "iconUrl"),
        written.get("mermaid"),
        written.get("metadata"),
        either(written, "with_files", "withFiles"),
        either(written, "with_volumes", "withVolumes"),
        either(written, "with_services", "withServices"),
        either(written, "with_git_repo", "withGitRepo"));
  }

  /** Definitions may have both spellings. */
  private static JsonNode either(JsonNode written, String snake, String camel) {
    return written.has(snake) ? written.get(snake) : written.get(camel);
  }
}
