package dev.gantry.artifacts;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An artifact as the API shows it.
 *
 * @param attempt of the step, perhaps in the execution that this one has taken it over from
 * @param url where its content is
 */
@Schema(
    name = "Artifact",
    requiredProperties = {"step", "attempt", "path", "size", "sha256", "created_at", "url"})
record ArtifactView(
    String step,
    int attempt,
    @Schema(description = "In the execution's work directory") String path,
    @Schema(description = "In bytes") long size,
    String sha256,
    Instant createdAt,
    @Schema(description = "Where its content is") String url) {
  static ArtifactView of(String executionId, Artifact artifact) {
    return new ArtifactView(
        artifact.stepName(),
        artifact.id().attempt(),
        artifact.path(),
        artifact.size(),
        artifact.sha256(),
        artifact.keptAt(),
        "/api/v1/workflows/executions/"
            + executionId
            + "/artifacts/content?step="
            + encoded(artifact.stepName())
            + "&path="
            + encoded(artifact.path()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
