package dev.gantry.resources;

import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * One page of a list.
 *
 * @param total how many there are in all
 */
public record ResourcePage<R>(List<R> resources, long total) {

  /** The total is read first: it tells from which end of the list the page is nearer. */
  static <R extends Resource> Uni<ResourcePage<R>> read(
      Mutiny.Session session, Class<R> type, ResourceQuery query, int offset, int limit) {
    return bound(session.createSelectionQuery(query.count(type), Long.class), query)
        .getSingleResult()
        .chain(
            total -> {
              int size = (int) Math.max(0, Math.min(limit, total - offset));
              return rows(session, type, query, offset, size, total)
                  .map(rows -> new ResourcePage<>(rows, total));
            });
  }

  private static <R extends Resource> Uni<List<R>> rows(
      Mutiny.Session session,
      Class<R> type,
      ResourceQuery query,
      int offset,
      int size,
      long total) {
    if (size == 0) {
      return Uni.createFrom().item(List.of());
    }
    boolean backwards = offset > total / 2;
    int skipped = backwards ? (int) (total - offset - size) : offset;
    Uni<List<R>> rows =
        bound(session.createSelectionQuery(query.page(type, skipped, size, backwards), type), query)
            .getResultList();
    return backwards ? rows.invoke(Collections::reverse) : rows;
  }

  private static <T> Mutiny.SelectionQuery<T> bound(
      Mutiny.SelectionQuery<T> statement, ResourceQuery query) {
    query.parameters().forEach(statement::setParameter);
    return statement;
  }
}
