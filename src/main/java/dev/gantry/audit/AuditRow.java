package dev.gantry.audit;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** An entry as it is read. {@link AuditTrail} alone writes the table. */
@Entity
@Immutable
@Table(name = "audit")
public class AuditRow extends PanacheEntityBase {
  @Id public UUID id;

  @Column(name = "organization_id")
  public UUID organizationId;

  public Instant at;

  /** Null when it was Gantry itself. */
  @Column(name = "actor_id")
  public UUID actorId;

  @Column(name = "actor_name")
  public String actorName;

  public String action;

  @Column(name = "resource_kind")
  public String resourceKind;

  @Column(name = "resource_id")
  public String resourceId;

  @Column(name = "resource_name")
  public String resourceName;

  @Column(name = "request_id")
  public String requestId;

  /** A JSON object. */
  public String detail;
}
