package dev.gantry.artifacts;

import dev.gantry.executions.HeldAttempt;
import dev.gantry.executions.StepOrigins;
import dev.gantry.executions.StepOrigins.Origin;
import dev.gantry.http.ApiException;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads what steps have kept, for callers and for runners. Event loop, never blocks. */
@ApplicationScoped
class ArtifactReader {
  private final StepOrigins steps;
  private final ArtifactTables tables;
  private final ObjectStore store;

  ArtifactReader(StepOrigins steps, ArtifactTables tables, ObjectStore store) {
    this.steps = steps;
    this.tables = tables;
    this.store = store;
  }

  /**
   * Fails with 404 when the organization has no such execution.
   *
   * @param step of this step alone; null = of all
   */
  Uni<ListAnswer<ArtifactView>> list(
      UUID organization, String executionId, String step, Paging paging) {
    return steps
        .of(organization, executionId)
        .map(origins -> named(origins, step))
        .chain(
            origins ->
                Uni.combine()
                    .all()
                    .unis(
                        tables.kept(origins, null, paging.offset(), paging.limit()),
                        tables.count(origins, null))
                    .with(
                        (artifacts, total) ->
                            new ListAnswer<>(
                                "artifacts",
                                artifacts.stream()
                                    .map(artifact -> ArtifactView.of(executionId, artifact))
                                    .toList(),
                                total,
                                paging)));
  }

  private static List<Origin> named(List<Origin> origins, String step) {
    return step == null
        ? origins
        : origins.stream().filter(origin -> origin.name().equals(step)).toList();
  }

  /** Fails with 400 when either is not named, with 404 when the step has not kept it. */
  Uni<Artifact> get(UUID organization, String executionId, String step, String path) {
    return steps
        .of(organization, executionId)
        .invoke(
            () -> {
              require("step", step, "the name of the step that has kept it");
              require("path", path, "its path in the execution's work directory");
            })
        .chain(origins -> tables.kept(named(origins, step), path, 0, 1))
        .map(
            found ->
                found.stream()
                    .findFirst()
                    .orElseThrow(() -> ApiException.notFound("Artifact", step + ": " + path)));
  }

  private static void require(String name, String value, String what) {
    if (value == null || value.isEmpty()) {
      throw ApiException.invalid(name, "is required: " + what);
    }
    if (value.indexOf('\0') >= 0) {
      throw ApiException.invalid(name, "must not hold NUL characters");
    }
  }

  /**
   * What steps before have kept, once for each path: where several have kept it, the one that comes
   * last.
   */
  Uni<List<Artifact>> wanted(HeldAttempt attempt) {
    return steps
        .before(attempt.execution(), attempt.step())
        .chain(origins -> tables.kept(origins, null, 0, Integer.MAX_VALUE))
        .map(
            artifacts -> {
              Map<String, Artifact> byPath = new LinkedHashMap<>();
              artifacts.forEach(artifact -> byPath.put(artifact.path(), artifact));
              return List.copyOf(byPath.values());
            });
  }

  /** One of those. */
  Uni<Artifact> wanted(HeldAttempt attempt, String path) {
    return steps
        .before(attempt.execution(), attempt.step())
        .chain(origins -> tables.kept(origins, path, 0, Integer.MAX_VALUE))
        .map(
            found -> {
              if (found.isEmpty()) {
                throw ApiException.notFound("Artifact", path);
              }
              return found.get(found.size() - 1);
            });
  }

  /** In order, as it is asked for. */
  Multi<byte[]> content(Artifact artifact) {
    return artifact.storeKey() == null
        ? tables.pieces(artifact)
        : store.content(artifact.storeKey());
  }

  /** Where a runner gets it from; empty = here. */
  Uni<String> address(Artifact artifact) {
    return artifact.storeKey() == null
        ? Uni.createFrom().item("")
        : store.downloadUrl(artifact.storeKey()).map(Object::toString);
  }
}
