package dev.gantry.executions;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** An execution as the API reads it. The engine's store alone writes the table. */
@Entity
@Immutable
@Table(name = "executions")
public class ExecutionRow extends PanacheEntityBase {
  @Id public UUID id;
  public String kind;

  @Column(name = "organization_id")
  public UUID organizationId;

  public String status;
  public String name;
  public String source;

  @Column(name = "source_commit")
  public String sourceCommit;

  public String runner;

  /** A JSON object of texts. */
  public String variables;

  @Column(name = "log_partition")
  public int logPartition;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "completed_at")
  public Instant completedAt;

  public String error;

  @Column(name = "rerun_of")
  public UUID rerunOf;

  @Column(name = "parent_id")
  public UUID parentId;

  boolean terminal() {
    return ExecutionStatus.of(status).terminal();
  }
}
