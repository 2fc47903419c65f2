package dev.gantry.apikeys;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller.Role;
import dev.gantry.http.Scopes;
import dev.gantry.resources.Expiry;
import dev.gantry.resources.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create.
 *
 * @param role {@code viewer}, {@code operator} or {@code admin}
 * @param scopes groups of routes, as {@code agents} or {@code agents:read}; absent = all
 * @param expiresIn from now on; or else {@code expiresAt}
 */
record ApiKeyRequest(
    @Schema(maxLength = 255) String name,
    @Schema(enumeration = {"viewer", "operator", "admin"}) String role,
    @Schema(
            maxItems = 100,
            description =
                "Groups of routes, as agents or agents:read; absent = all that the role may")
        List<String> scopes,
    @Schema(ref = "Lifetime") String expiresIn,
    @Schema(ref = "ExpiryTime") String expiresAt) {
  private static final int MAX_NAME = 255;
  private static final List<String> ROLES = List.of("viewer", "operator", "admin");

  /** The key that the body asks for, without its text; fails with all that is wrong with it. */
  static ApiKey read(ApiKeyRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    Fields fields =
        new Fields()
            .required("name", body.name)
            .line("name", body.name, MAX_NAME)
            .required("role", body.role)
            .oneOf("role", body.role, ROLES)
            .names("scopes", body.scopes);
    Expiry expiry = Expiry.read(body.expiresIn, body.expiresAt, Instant.now(), fields);
    body.checkScopes(fields);
    fields.check();
    ApiKey key = new ApiKey();
    key.name = body.name;
    key.role = Role.valueOf(body.role.toUpperCase(Locale.ROOT));
    key.scope = body.scopes == null ? "" : String.join(" ", body.scopes);
    key.expiresAt = expiry.at();
    return key;
  }

  private void checkScopes(Fields fields) {
    for (int i = 0; scopes != null && i < scopes.size(); i++) {
      String scope = scopes.get(i);
      if (scope != null && !Scopes.isScope(scope)) {
        fields.fault(
            "scopes[" + i + "]",
            "must be one of "
                + String.join(", ", Scopes.GROUPS)
                + ", each alone or with :read behind it");
      }
    }
  }
}
