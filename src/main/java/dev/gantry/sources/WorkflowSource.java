package dev.gantry.sources;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;

/** Fetches a workflow from a Git repository. */
@ApplicationScoped
public class WorkflowSource {
  private final SourceConfig config;
  private final GitRepository repositories;

  WorkflowSource(SourceConfig config, GitRepository repositories) {
    this.config = config;
    this.repositories = repositories;
  }

  /**
   * A workflow's text as it stands in the repository.
   *
   * @param commit that the text is from
   * @param file its path in the repository
   */
  public record Fetched(String text, String commit, String file) {}

  /**
   * Reads the workflow that {@code source} names; runs on a worker thread, since Git blocks, and
   * answers on the caller's context. Fails with an {@code ApiException} when the source cannot be
   * read, is not allowed or names no single workflow. To cancel it ends the fetch.
   */
  public Uni<Fetched> fetch(String source) {
    Context request = Vertx.currentContext();
    FetchBudget budget = new FetchBudget(config);
    return Uni.createFrom()
        .item(() -> SourceAddress.parse(source, config))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(address -> fetch(address, budget))
        .onCancellation()
        .invoke(budget::cancel)
        .emitOn(MutinyHelper.executor(request));
  }

  private Fetched fetch(SourceAddress address, FetchBudget budget) {
    return repositories.fetch(
        address, GitCredentials.NONE, budget, snapshot -> WorkflowFiles.pick(snapshot, config));
  }
}
