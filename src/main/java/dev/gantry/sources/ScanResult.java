package dev.gantry.sources;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How a scan ended, as it is stored and shown.
 *
 * @param commit null for an inline source, and after a failure
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScanResult(
    String commit, List<Tool> toolsFound, List<Workflow> workflowsFound, List<ScanError> errors) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "ScannedTool",
      requiredProperties = {"name", "type", "file"})
  record Tool(String name, String type, String description, String file) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "ScannedWorkflow",
      requiredProperties = {"name", "file"})
  record Workflow(String name, String description, String file) {}

  static ScanResult of(String commit, Findings found) {
    return new ScanResult(
        commit,
        found.tools().stream().map(ScanResult::tool).toList(),
        found.workflows().stream().map(ScanResult::workflow).toList(),
        found.errors());
  }

  static ScanResult failed(String error) {
    return new ScanResult(
        null, List.of(), List.of(), List.of(new ScanError(null, ScanError.SOURCE, error)));
  }

  private static Tool tool(FoundTool found) {
    return new Tool(
        found.tool().name(), found.tool().type(), found.tool().description(), found.file());
  }

  private static Workflow workflow(FoundWorkflow found) {
    return new Workflow(found.workflow().name(), found.workflow().description(), found.file());
  }

  String json() {
    return write(this);
  }

  String errorsJson() {
    return write(errors);
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ScanResult read(String json) {
    try {
      return JSON.readValue(json, ScanResult.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a stored scan cannot be read", e);
    }
  }
}
