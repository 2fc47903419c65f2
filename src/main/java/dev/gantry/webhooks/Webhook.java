package dev.gantry.webhooks;

import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import dev.gantry.secrets.SealedTexts.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A webhook as it is stored: one that others post to or, when it has events, a subscription. A text
 * that was not given is empty.
 */
@Entity
@Table(name = "webhooks")
public class Webhook extends Resource {
  static final String HTTP = "http";
  static final List<String> TYPES = List.of(HTTP, "slack", "teams");

  public String type = HTTP;
  public String destination = "";
  public String prompt = "";

  /** Null when it starts nothing. */
  @Convert(converter = Target.InColumn.class)
  public Target target;

  public String filter = "";

  @Convert(converter = JsonColumn.Texts.class)
  public List<String> events = List.of();

  /** Of the token in its address; null for a subscription. */
  @Column(name = "token_hash")
  public byte[] tokenHash;

  /** What requests are signed with, encrypted; null when they are not. */
  public byte[] secret;

  /** The key that encrypted the secret. */
  @Column(name = "key_id")
  public Long keyId;

  boolean isSubscription() {
    return !events.isEmpty();
  }

  /** Whether what comes in must be signed. */
  boolean isSigned() {
    return secret != null && !isSubscription();
  }

  void seal(Sealed sealed) {
    secret = sealed == null ? null : sealed.ciphertext();
    keyId = sealed == null ? null : sealed.keyId();
  }

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }
}
