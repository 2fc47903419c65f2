package dev.gantry.resources;

import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * One page of a list.
 *
 * @param total how many there are in all
 */
public record ResourcePage<R>(List<R> resources, long total) {

  /**
   * Reads from the end that is nearer, so that no page is further than half a list away.
   *
   * @param total may be a little old: a page that is read from the beginning does not rely on it
   */
  static <R extends Resource> Uni<ResourcePage<R>> read(
      Mutiny.Session session,
      Class<R> type,
      ResourceQuery query,
      int offset,
      int limit,
      long total) {
    if (offset <= total / 2) {
      return rows(session, type, query, false, offset, limit)
          .map(found -> new ResourcePage<>(found, Math.max(total, offset + found.size())));
    }
    int size = (int) Math.min(limit, total - offset);
    if (size <= 0) {
      return Uni.createFrom().item(new ResourcePage<>(List.of(), total));
    }
    return rows(session, type, query, true, (int) (total - offset - size), size)
        .invoke(Collections::reverse)
        .map(found -> new ResourcePage<>(found, total));
  }

  private static <R extends Resource> Uni<List<R>> rows(
      Mutiny.Session session,
      Class<R> type,
      ResourceQuery query,
      boolean backwards,
      int skipped,
      int size) {
    return query
        .bind(session.createSelectionQuery(query.page(type, backwards), type))
        .setParameter("size", size)
        .setParameter("skipped", skipped)
        .getResultList();
  }

  /**
   * @param key the resource's own, as {@code agents}
   */
  public <V> ListAnswer<V> answer(String key, Function<R, V> view, Paging paging) {
    return new ListAnswer<>(key, resources.stream().map(view).toList(), total, paging);
  }
}
