package dev.gantry.artifacts;

import dev.gantry.artifacts.ArtifactTables.Announced;
import dev.gantry.artifacts.ArtifactTables.Arrived;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Takes the files that a runner sends: said first, then sent, then counted once it is whole. Each
 * may be done again. Event loop, never blocks.
 */
@ApplicationScoped
class ArtifactIntake {
  private static final int UNPROCESSABLE = 422;

  private final ArtifactTables tables;
  private final ObjectStore store;
  private final long databaseLimit;

  ArtifactIntake(ArtifactTables tables, ObjectStore store, ArtifactsConfig config) {
    this.tables = tables;
    this.store = store;
    this.databaseLimit = config.databaseLimit().asLongValue();
  }

  /** Answers where the content goes; 422 when it can go nowhere. */
  Uni<UploadAnswer> announce(ArtifactId id, ArtifactUpload upload) {
    return tables
        .announce(id, upload, databaseLimit)
        .chain(announced -> answer(id, upload, announced));
  }

  private Uni<UploadAnswer> answer(ArtifactId id, ArtifactUpload upload, Announced announced) {
    if (announced.kept()) {
      return Uni.createFrom().item(UploadAnswer.KEPT);
    }
    if (announced.storeKey() == null) {
      return Uni.createFrom().item(UploadAnswer.IN_PIECES);
    }
    String refusal = refusal(upload.size());
    if (refusal != null) {
      return tables
          .forget(id)
          .map(
              forgotten -> {
                throw unprocessable(id, refusal);
              });
    }
    return store
        .uploadUrl(announced.storeKey(), upload.size(), upload.sha256())
        .map(to -> new UploadAnswer(false, 0, to.url().toString(), to.headers()));
  }

  private String refusal(long size) {
    if (!store.isThere()) {
      return "with its "
          + size
          + " bytes the execution keeps more than the "
          + databaseLimit
          + " bytes that it may in the database; an object store (GANTRY_ARTIFACTS_BUCKET) takes more";
    }
    return size > ObjectStore.LARGEST
        ? "has " + size + " bytes; an object store takes " + ObjectStore.LARGEST
        : null;
  }

  private static ApiException unprocessable(ArtifactId id, String why) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        UNPROCESSABLE,
        "Artifact '" + id.path() + "' cannot be kept: " + why,
        Map.of("path", id.path()));
  }

  /** Takes a piece of what goes into the database; fails with 409 unless it is waited for. */
  Uni<Void> put(ArtifactId id, int number, byte[] bytes) {
    return tables
        .put(id, number, bytes)
        .invoke(
            taken -> {
              if (!taken) {
                throw conflict(id, "no piece of it is waited for: say first what is to come");
              }
            })
        .replaceWithVoid();
  }

  /** Fails with 409 unless all of it has arrived. */
  Uni<Void> keep(ArtifactId id) {
    return tables
        .arrived(id)
        .map(found -> found.orElseThrow(() -> conflict(id, "say first what is to come")))
        .call(arrived -> there(arrived).invoke(there -> requireWhole(id, arrived, there)))
        .chain(() -> tables.keep(id));
  }

  private Uni<OptionalLong> there(Arrived arrived) {
    return arrived.storeKey() == null
        ? Uni.createFrom().item(OptionalLong.of(arrived.there()))
        : store.size(arrived.storeKey());
  }

  private static void requireWhole(ArtifactId id, Arrived arrived, OptionalLong there) {
    if (there.isEmpty() || there.getAsLong() != arrived.size()) {
      throw conflict(
          id,
          (there.isEmpty() ? "nothing" : there.getAsLong())
              + " of "
              + arrived.size()
              + " bytes have arrived");
    }
  }

  private static ApiException conflict(ArtifactId id, String why) {
    return new ApiException(
        ErrorCode.CONFLICT, "Artifact '" + id.path() + "': " + why, Map.of("path", id.path()));
  }
}
