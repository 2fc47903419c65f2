package dev.gantry.executions;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;

/** A step as the API reads it. The engine's store alone writes the table. */
@Entity
@Immutable
@Table(name = "execution_steps")
@IdClass(ExecutionStepRow.Key.class)
public class ExecutionStepRow extends PanacheEntityBase {
  @Id
  @Column(name = "execution_id")
  public UUID executionId;

  @Id public int index;

  public String name;
  public String status;
  public int attempt;

  @Column(name = "queued_at")
  public Instant queuedAt;

  @Column(name = "started_at")
  public Instant startedAt;

  @Column(name = "finished_at")
  public Instant finishedAt;

  @Column(name = "exit_code")
  public Integer exitCode;

  public String error;
  public String output;

  @Column(name = "output_truncated")
  public boolean outputTruncated;

  @Column(name = "log_lines")
  public long logLines;

  @Column(name = "log_digest")
  public long logDigest;

  @Column(name = "child_id")
  public UUID childId;

  /** The kind of the execution that does it; null when there is none. */
  @Formula("(select c.kind from executions c where c.id = child_id)")
  public String childKind;

  /** As {@link StepFacts} are stored. */
  public String facts;

  /** The primary key. */
  public record Key(UUID executionId, int index) implements Serializable {}
}
