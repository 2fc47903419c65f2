package dev.gantry.secrets;

import dev.gantry.resources.Resource;
import jakarta.persistence.Basic;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A secret as it is stored, its value encrypted. A description that was not given is empty. */
@Entity
@Table(name = "secrets")
public class Secret extends Resource {
  public String description = "";

  /** Not read with the rest, which lists show up to a hundred of; see {@link SecretValues}. */
  @Basic(fetch = FetchType.LAZY)
  public byte[] ciphertext;

  /** The key that encrypted the value, and so one that the keyset still needs. */
  @Column(name = "key_id")
  public long keyId;

  /** Null when it never expires. */
  @Column(name = "expires_at")
  public Instant expiresAt;

  @Override
  public String publicId() {
    return name;
  }

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }
}
