package dev.gantry.retention;

import io.smallrye.mutiny.Uni;
import java.util.UUID;

/** What belongs to executions and does not lie in their partitions. Never blocks. */
public interface KeptElsewhere {
  /**
   * Removes it, before the partitions go that tell of it; again when that failed.
   *
   * @param from the least id of the executions
   * @param to the least id after them
   * @return when it fails, the partitions stay until the next round
   */
  Uni<Void> remove(UUID from, UUID to);
}
