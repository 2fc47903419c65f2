package dev.gantry.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry as the API shows it; what is null is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
    name = "AuditEntry",
    requiredProperties = {"id", "at", "actor", "action", "resource"})
record AuditView(
    UUID id,
    Instant at,
    Actor actor,
    String action,
    Resource resource,
    String requestId,
    @JsonRawValue @Schema(type = SchemaType.OBJECT) String detail) {

  /** The API key; without an id it was Gantry itself. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "AuditActor", requiredProperties = "name")
  record Actor(UUID id, String name) {}

  @Schema(name = "AuditResource")
  record Resource(String kind, String id, String name) {}

  static AuditView of(AuditRow row) {
    return new AuditView(
        row.id,
        row.at,
        new Actor(row.actorId, row.actorName),
        row.action,
        new Resource(row.resourceKind, row.resourceId, row.resourceName),
        row.requestId.isEmpty() ? null : row.requestId,
        row.detail);
  }
}
