package dev.gantry.http;

import dev.gantry.http.Caller.Role;
import dev.gantry.platform.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * A key as a request is judged by it. Only the SHA-256 of a key is stored: keys are long random
 * texts, so that a plain hash cannot be reversed by guessing.
 *
 * @param organizationId null for the token of runners that serve every organization
 * @param runner the only runner that a key of the role {@code RUNNER} speaks for; null = any
 * @param expiresAt null = never
 */
record CallerKey(
    UUID id,
    UUID organizationId,
    String name,
    Role role,
    Scopes scopes,
    String runner,
    Instant expiresAt) {

  static byte[] hash(String key) {
    return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
  }

  boolean validAt(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }
}
