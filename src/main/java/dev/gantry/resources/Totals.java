package dev.gantry.resources;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * How many resources a list has in all. Counting reads an entry for each of them, so a total is
 * kept until the organization's resources of that kind change; the database counts the changes,
 * whichever process makes them. A total of more than 10,000 is not waited for again: the old one is
 * answered while it is counted anew, for a tenth of the time at most. Event loop, never blocks.
 */
@ApplicationScoped
class Totals {
  private static final Logger LOG = Logger.getLogger(Totals.class);
  private static final int MAX_REMEMBERED = 1000;
  private static final long WORTH_WAITING_FOR = 10_000;
  private static final int REST = 10; // times as long as it was counted
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

  private record Counted(long changes, long total, long begunNanos, long endedNanos) {
    boolean isWorthWaitingFor() {
      return total <= WORTH_WAITING_FOR;
    }

    boolean hasRested() {
      return System.nanoTime() - endedNanos > REST * (endedNanos - begunNanos);
    }
  }

  private final Mutiny.SessionFactory sessions;
  private final Set<Question> underWay = ConcurrentHashMap.newKeySet();

  Totals(Mutiny.SessionFactory sessions) {
    this.sessions = sessions;
  }

  /**
   * Right at the time of the call, or later: the changes are read before it is counted. When there
   * were more than 10,000, right as of ten times as long ago as counting takes.
   */
  Uni<Long> of(Mutiny.Session session, Class<? extends Resource> type, ResourceQuery query) {
    Question question = new Question(query.count(type), Map.copyOf(query.parameters()));
    return changes(session, type, query.organization())
        .chain(
            changes -> {
              Counted known = remembered.get(question);
              if (known == null || (known.changes != changes && known.isWorthWaitingFor())) {
                return count(session, question, query, changes);
              }
              if (known.changes != changes && known.hasRested() && underWay.add(question)) {
                countAside(question, query, changes);
              }
              return Uni.createFrom().item(known.total);
            });
  }

  private Uni<Long> count(
      Mutiny.Session session, Question question, ResourceQuery query, long changes) {
    long begun = System.nanoTime();
    return query
        .bind(session.createSelectionQuery(question.count, Long.class))
        .getSingleResult()
        .invoke(
            total ->
                remembered.put(question, new Counted(changes, total, begun, System.nanoTime())));
  }

  /** In a session of its own, since the caller's ends with the caller's answer. */
  private void countAside(Question question, ResourceQuery query, long changes) {
    sessions
        .openSession()
        .chain(own -> count(own, question, query, changes).eventually(own::close))
        .eventually(() -> underWay.remove(question))
        .subscribe()
        .with(total -> {}, failure -> LOG.warnf(failure, "cannot count: %s", question.count));
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
