package dev.gantry.artifacts;

import dev.gantry.retention.KeptElsewhere;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The objects of executions that are no longer kept. Never blocks. */
@ApplicationScoped
class StoredArtifacts implements KeptElsewhere {
  private static final Logger LOG = Logger.getLogger(StoredArtifacts.class);

  private final ArtifactTables tables;
  private final ObjectStore store;

  StoredArtifacts(ArtifactTables tables, ObjectStore store) {
    this.tables = tables;
    this.store = store;
  }

  @Override
  public Uni<Void> remove(UUID from, UUID to) {
    return tables
        .stored(from, to)
        .chain(
            keys -> {
              if (!keys.isEmpty() && !store.isThere()) {
                LOG.warnf(
                    "%d artifacts stay in an object store that is no longer configured",
                    keys.size());
                return Uni.createFrom().voidItem();
              }
              return store.delete(keys);
            });
  }
}
