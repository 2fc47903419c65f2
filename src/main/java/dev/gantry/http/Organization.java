package dev.gantry.http;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A tenant: every row of every other table belongs to one. */
@Entity
@Table(name = "organizations")
public class Organization extends PanacheEntityBase {
  @Id public UUID id;

  public String name;

  @Column(name = "created_at")
  public Instant createdAt;
}
