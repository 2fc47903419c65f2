package dev.gantry.sources;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;

/**
 * Keeps what scans find; a bean of the room above, which knows how tools and workflows are stored.
 * Event loop, never blocks; fails with what the database says.
 */
public interface Definitions {
  /**
   * In {@code transaction}, puts what was found in the place of what the source had before. Answers
   * whether that is another thing.
   */
  Uni<Boolean> replace(
      SqlConnection transaction, UUID organization, UUID source, Findings findings);

  /** The tools of a source, by name. */
  Uni<List<ToolSummary>> tools(UUID organization, UUID source);

  /** A tool as its source shows it. */
  record ToolSummary(String name, String type, String description) {}
}
