package dev.gantry.integrations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An integration as the API shows it.
 *
 * @param secrets left out when it has none
 */
@Schema(name = "Integration")
record IntegrationView(
    @Schema(format = "uuid") String uuid,
    String name,
    String type,
    @Schema(enumeration = {"active", "inactive"}) String status,
    ObjectNode configuration,
    @JsonInclude(Include.NON_EMPTY) @Schema(description = "Names of secrets, by variable")
        Map<String, String> secrets,
    Instant createdAt,
    Instant updatedAt) {

  static IntegrationView of(Integration integration) {
    return new IntegrationView(
        integration.publicId(),
        integration.name,
        integration.type,
        integration.status,
        integration.configuration,
        integration.secrets,
        integration.createdAt,
        integration.updatedAt);
  }
}
