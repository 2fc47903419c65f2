package dev.gantry.apikeys;

import dev.gantry.http.Caller.Role;
import dev.gantry.resources.Resource;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A key as it is stored: its hash, never itself. */
@Entity
@Table(name = "api_keys")
public class ApiKey extends Resource {
  @Column(name = "key_hash")
  public byte[] keyHash;

  @Enumerated(EnumType.STRING)
  public Role role;

  /** Separated by blanks; empty = all that the role may. */
  public String scope = "";

  /** The runner that a key of the role {@code RUNNER} belongs to, else null. */
  public String runner;

  /** Null when it never expires. */
  @Column(name = "expires_at")
  public Instant expiresAt;

  /** To the minute; null when it never was. */
  @Column(name = "last_used_at")
  public Instant lastUsedAt;

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }
}
