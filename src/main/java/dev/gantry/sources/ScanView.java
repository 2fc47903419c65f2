package dev.gantry.sources;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A scan as the API shows it.
 *
 * @param source left out for a preview
 * @param workflowsFound left out while it runs, as all but {@code toolsFound} that follows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
    name = "Scan",
    requiredProperties = {"scan_id", "status", "created_at", "tools_found"})
record ScanView(
    String scanId,
    @Schema(enumeration = {"running", "completed", "failed"}) String status,
    Instant createdAt,
    Instant completedAt,
    UUID source,
    String commit,
    List<ScanResult.Tool> toolsFound,
    List<ScanResult.Workflow> workflowsFound,
    List<ScanError> errors) {
  static final String PREFIX = "scan-";

  static ScanView of(ScanStore.Stored scan) {
    ScanResult result =
        scan.isRunning() ? new ScanResult(null, List.of(), null, null) : scan.result();
    return new ScanView(
        PREFIX + scan.id(),
        scan.state(),
        scan.createdAt(),
        scan.completedAt(),
        scan.source(),
        result.commit(),
        result.toolsFound(),
        result.workflowsFound(),
        result.errors());
  }
}
