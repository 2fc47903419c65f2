package dev.gantry.sources;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.sources.Definitions.ToolSummary;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A source as the API shows it; what it does not have is left out.
 *
 * @param tools in the answer for one source only
 */
@Schema(name = "Source")
record SourceView(
    @Schema(format = "uuid") String uuid,
    String name,
    String description,
    @Schema(enumeration = {"github", "git", "inline"}) String type,
    @JsonInclude(Include.NON_EMPTY) String url,
    @JsonInclude(Include.NON_EMPTY) String branch,
    @JsonInclude(Include.NON_EMPTY) String path,
    @JsonInclude(Include.NON_EMPTY) String runner,
    @JsonInclude(Include.NON_NULL) Origin.Credentials credentials,
    @Schema(enumeration = {"scanning", "ready", "failed"}) String status,
    Instant createdAt,
    Instant updatedAt,
    int toolsCount,
    int workflowsCount,
    List<ScanError> errors,
    @JsonInclude(Include.NON_NULL) String commit,
    @JsonInclude(Include.NON_NULL) Instant scannedAt,
    @JsonInclude(Include.NON_NULL) List<ToolSummary> tools) {

  /** The answer to a create. */
  @Schema(name = "SourceCreated")
  record Created(
      @Schema(format = "uuid") String uuid,
      String name,
      @Schema(enumeration = {"scanning", "ready", "failed"}) String status,
      Instant createdAt) {
    static Created of(Source source) {
      return new Created(source.publicId(), source.name, source.status, source.createdAt);
    }
  }

  static SourceView listed(Source source) {
    return of(source, null);
  }

  static SourceView of(Source source, List<ToolSummary> tools) {
    return new SourceView(
        source.publicId(),
        source.name,
        source.description,
        source.origin.type(),
        source.origin.url(),
        source.origin.branch(),
        source.origin.path(),
        source.runner,
        source.origin.credentials(),
        source.status,
        source.createdAt,
        source.updatedAt,
        source.toolsCount,
        source.workflowsCount,
        source.errors,
        source.commit,
        source.scannedAt,
        tools);
  }
}
