package dev.gantry.webhooks;

import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import dev.gantry.secrets.SealedTexts.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
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
  static final String ACTIVE = "active";
  static final String DISABLED = "disabled";
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

  /**
   * What requests were signed with before the last rotation, encrypted; null when there was none.
   */
  @Column(name = "former_secret")
  public byte[] formerSecret;

  @Column(name = "former_key_id")
  public Long formerKeyId;

  /** Up to then, the former secret counts as well. */
  @Column(name = "former_until")
  public Instant formerUntil;

  /** Of a subscription: nothing is sent while it is disabled. */
  public String status = ACTIVE;

  /** Why it is disabled; null when it is not. */
  @Column(name = "status_reason")
  public String statusReason;

  /** Of a subscription: an event waits until the one before it of its subject has ended. */
  public boolean ordered;

  boolean isSubscription() {
    return !events.isEmpty();
  }

  /** Whether what comes in must be signed. */
  boolean isSigned() {
    return secret != null && !isSubscription();
  }

  boolean isDisabled() {
    return status.equals(DISABLED);
  }

  void enable() {
    status = ACTIVE;
    statusReason = null;
  }

  /** Takes another secret, and forgets the ones before. */
  void seal(Sealed sealed) {
    secret = sealed == null ? null : sealed.ciphertext();
    keyId = sealed == null ? null : sealed.keyId();
    formerSecret = null;
    formerKeyId = null;
    formerUntil = null;
  }

  /**
   * Takes another secret, beside which the one before counts for a while.
   *
   * @param until when it counts no more
   */
  void rotate(Sealed sealed, Instant until) {
    byte[] before = secret;
    Long beforeKey = keyId;
    seal(sealed);
    if (before != null) {
      formerSecret = before;
      formerKeyId = beforeKey;
      formerUntil = until;
    }
  }

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }
}
