package dev.gantry.queues;

import dev.gantry.resources.Resource;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Map;
import java.util.Optional;

/** The limit of a queue as it is stored. A description that was not given is empty. */
@Entity
@Table(name = "queues")
public class Queue extends Resource {
  public String description = "";

  @Column(name = "max_active_runs")
  public int maxActiveRuns;

  public int priority;

  @Override
  public String publicId() {
    return name;
  }

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }
}
