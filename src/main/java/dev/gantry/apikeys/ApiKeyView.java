package dev.gantry.apikeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A key as the API shows it.
 *
 * @param scopes empty = all that the role may
 * @param runner left out unless the key is a runner's
 * @param key the key itself, in the answer that makes it and never again
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "ApiKey",
    requiredProperties = {"uuid", "name", "role", "scopes", "created_at"})
record ApiKeyView(
    @Schema(format = "uuid") String uuid,
    String name,
    @Schema(enumeration = {"viewer", "operator", "admin", "runner"}) String role,
    List<String> scopes,
    String runner,
    Instant createdAt,
    Instant expiresAt,
    Instant lastUsedAt,
    @Schema(description = "The key itself, in the answer that makes it alone") String key) {

  static ApiKeyView of(ApiKey key) {
    return of(key, null);
  }

  static ApiKeyView created(ApiKey key, KeyText text) {
    return of(key, text.text());
  }

  private static ApiKeyView of(ApiKey key, String text) {
    return new ApiKeyView(
        key.publicId(),
        key.name,
        key.role.name().toLowerCase(Locale.ROOT),
        Arrays.stream(key.scope.split(" ")).filter(scope -> !scope.isEmpty()).toList(),
        key.runner,
        key.createdAt,
        key.expiresAt,
        key.lastUsedAt,
        text);
  }

  /** Without the key, which must not reach a log. */
  @Override
  public String toString() {
    return "ApiKeyView[uuid=" + uuid + "]";
  }
}
