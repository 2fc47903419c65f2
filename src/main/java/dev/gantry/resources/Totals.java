package dev.gantry.resources;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * How many resources a list has in all. Counting reads an entry for each of them, so a total is
 * kept until the organization's resources of that kind change; the database counts the changes,
 * whichever process makes them. Event loop, never blocks.
 */
@ApplicationScoped
class Totals {
  private static final int MAX_REMEMBERED = 1000;
  private static final String CHANGES =
      "select changes from resource_changes where kind = :kind and organization_id = :organization";

  private final Map<Question, Counted> remembered =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Counted> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });

  private record Question(String count, Map<String, Object> parameters) {}

  private record Counted(long changes, long total) {}

  /** Right at the time of the call, or later: the changes are read before it is counted. */
  Uni<Long> of(Mutiny.Session session, Class<? extends Resource> type, ResourceQuery query) {
    Question question = new Question(query.count(type), Map.copyOf(query.parameters()));
    return changes(session, type, query.organization())
        .chain(
            changes -> {
              Counted known = remembered.get(question);
              return known != null && known.changes == changes
                  ? Uni.createFrom().item(known.total)
                  : query
                      .bind(session.createSelectionQuery(question.count, Long.class))
                      .getSingleResult()
                      .invoke(total -> remembered.put(question, new Counted(changes, total)));
            });
  }

  private static Uni<Long> changes(
      Mutiny.Session session, Class<? extends Resource> type, UUID organization) {
    return session
        .createNativeQuery(CHANGES, Long.class)
        .setParameter("kind", type.getAnnotation(Table.class).name())
        .setParameter("organization", organization)
        .getSingleResultOrNull()
        .map(changes -> changes == null ? 0 : changes);
  }
}
