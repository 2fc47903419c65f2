package dev.gantry.queues;

import dev.gantry.executions.QueueUse;
import dev.gantry.http.ApiException;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.resources.Fields;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Reads an organization's queues, those with a limit and those that executions are in. Event loop,
 * on the caller's context; never blocks.
 */
@ApplicationScoped
class QueueReader {
  private static final int MOST_MEMBERS = 100;

  private final QueueUse use;

  QueueReader(QueueUse use) {
    this.use = use;
  }

  /** By name. */
  Uni<ListAnswer<QueueView>> list(UUID organization, Paging paging) {
    int limit = paging.limit();
    int offset = paging.offset();
    return configured(organization, null)
        .chain(
            queues ->
                use.counts(organization, null)
                    .map(counts -> page(queues, counts, limit, offset, paging)));
  }

  private static ListAnswer<QueueView> page(
      Map<String, Queue> queues,
      Map<String, QueueUse.Count> counts,
      int limit,
      int offset,
      Paging paging) {
    Map<String, QueueView> views = new TreeMap<>();
    counts.forEach((name, count) -> views.put(name, QueueView.of(name, count)));
    queues.forEach(
        (name, queue) ->
            views.put(name, QueueView.of(queue, counts.getOrDefault(name, QueueUse.Count.NONE))));
    List<QueueView> all = new ArrayList<>(views.values());
    List<QueueView> page =
        all.subList(
            Math.min(offset, all.size()), (int) Math.min((long) offset + limit, all.size()));
    return new ListAnswer<>("queues", page, all.size(), paging);
  }

  /**
   * @param queue null when it has no limit
   */
  record Found(Queue queue, QueueView view) {}

  /** With the executions in it. Fails with 404 when it has no limit and nobody is in it. */
  Uni<Found> get(UUID organization, String name) {
    if (!Fields.isLine(name)) {
      throw ApiException.notFound("Queue", name);
    }
    return now(organization, name)
        .invoke(
            found -> {
              if (found.queue() == null && found.view().isEmpty()) {
                throw ApiException.notFound("Queue", name);
              }
            });
  }

  /** The queue as it is, perhaps without a limit and with nobody in it. */
  Uni<Found> now(UUID organization, String name) {
    return configured(organization, name)
        .chain(
            queues ->
                use.counts(organization, List.of(name))
                    .map(counts -> found(queues.get(name), counts, name)))
        .chain(found -> withMembers(organization, found));
  }

  private static Found found(Queue queue, Map<String, QueueUse.Count> counts, String name) {
    QueueUse.Count count = counts.getOrDefault(name, QueueUse.Count.NONE);
    return new Found(queue, queue == null ? QueueView.of(name, count) : QueueView.of(queue, count));
  }

  private Uni<Found> withMembers(UUID organization, Found found) {
    String name = found.view().name();
    return use.holders(organization, name, MOST_MEMBERS)
        .chain(
            holders ->
                use.waiting(organization, name, MOST_MEMBERS)
                    .map(waiting -> new Found(found.queue(), found.view().with(holders, waiting))));
  }

  private static Uni<Map<String, Queue>> configured(UUID organization, String name) {
    return Panache.withSession(
            () ->
                name == null
                    ? Queue.<Queue>list("organizationId", organization)
                    : Queue.<Queue>list("organizationId = ?1 and name = ?2", organization, name))
        .map(
            rows -> {
              Map<String, Queue> queues = new TreeMap<>();
              rows.forEach(row -> queues.put(row.name, row));
              return queues;
            });
  }
}
