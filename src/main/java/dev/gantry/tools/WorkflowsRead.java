package dev.gantry.tools;

import dev.gantry.sources.FoundWorkflow;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;

/**
 * Wants to know what workflows a source has; a bean of a room above. Event loop, never blocks;
 * fails with what the database says.
 */
public interface WorkflowsRead {
  /** In {@code transaction}, in which they have been stored: all that the source has now. */
  Uni<Void> read(
      SqlConnection transaction, UUID organization, UUID source, List<FoundWorkflow> workflows);
}
