package dev.gantry.secrets;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A secret as the API shows it, without its value.
 *
 * @param expiresAt left out when it never expires
 */
@Schema(name = "Secret")
record SecretView(
    String name,
    String description,
    Instant createdAt,
    Instant updatedAt,
    @JsonInclude(Include.NON_NULL) Instant expiresAt) {

  static SecretView of(Secret secret) {
    return new SecretView(
        secret.name, secret.description, secret.createdAt, secret.updatedAt, secret.expiresAt);
  }

  /** What a create answers. */
  @Schema(name = "SecretCreated")
  record Created(
      String name,
      String description,
      Instant createdAt,
      @JsonInclude(Include.NON_NULL) Instant expiresAt) {

    static Created of(Secret secret) {
      return new Created(secret.name, secret.description, secret.createdAt, secret.expiresAt);
    }
  }
}
