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

  /** Reads from the end that is nearer, so that no page is further than half a list away. */
  static <R extends Resource> Uni<ResourcePage<R>> read(
      Mutiny.Session session,
      Class<R> type,
      ResourceQuery query,
      int offset,
      int limit,
      long total) {
    int size = (int) Math.max(0, Math.min(limit, total - offset));
    if (size == 0) {
      return Uni.createFrom().item(new ResourcePage<>(List.of(), total));
    }
    boolean backwards = offset > total / 2;
    int skipped = backwards ? (int) (total - offset - size) : offset;
    Uni<List<R>> rows =
        query
            .bind(session.createSelectionQuery(query.page(type, backwards), type))
            .setParameter("size", size)
            .setParameter("skipped", skipped)
            .getResultList();
    return (backwards ? rows.invoke(Collections::reverse) : rows)
        .map(found -> new ResourcePage<>(found, total));
  }

  /**
   * @param key the resource's own, as {@code agents}
   */
  public <V> ListAnswer<V> answer(String key, Function<R, V> view, Paging paging) {
    return new ListAnswer<>(key, resources.stream().map(view).toList(), total, paging);
  }
}
