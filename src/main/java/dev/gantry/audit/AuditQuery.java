package dev.gantry.audit;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Times;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Which entries of an organization are shown, newest first. What a caller gives is bound as a
 * parameter. Event loop, never blocks; not for more than one thread.
 */
final class AuditQuery {
  /** Entries are counted up to here, so that a long trail costs no more than a short one. */
  static final int MOST_COUNTED = 10_000;

  private final StringBuilder where = new StringBuilder("organizationId = :organization");
  private final Map<String, Object> parameters = new HashMap<>();

  AuditQuery(UUID organization) {
    parameters.put("organization", organization);
  }

  /**
   * Only those whose {@code field} has this value; null does not select.
   *
   * @param parameter as the caller names it
   */
  AuditQuery equal(String parameter, String field, String value) {
    return value == null
        ? this
        : and(field + " = :" + parameter, parameter, text(parameter, value));
  }

  AuditQuery since(String time) {
    return time == null ? this : and("at >= :since", "since", time("since", time));
  }

  AuditQuery until(String time) {
    return time == null ? this : and("at < :until", "until", time("until", time));
  }

  private AuditQuery and(String condition, String name, Object value) {
    where.append(" and ").append(condition);
    parameters.put(name, value);
    return this;
  }

  private static String text(String field, String value) {
    if (value.indexOf('\0') >= 0) {
      throw ApiException.invalid(field, "must not hold the character NUL");
    }
    return value;
  }

  private static Instant time(String field, String value) {
    return Times.parse(value)
        .orElseThrow(() -> ApiException.invalid(field, "must be a time, as 2030-01-31T12:00:00Z"));
  }

  /**
   * @param total {@value AuditQuery#MOST_COUNTED} and one when there are more than that
   */
  record Page(List<AuditRow> entries, long total) {}

  Uni<Page> page(int offset, int limit) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        total(session)
                            .chain(
                                total ->
                                    entries(session, offset, limit)
                                        .map(entries -> new Page(entries, total)))));
  }

  private Uni<Long> total(Mutiny.Session session) {
    String count =
        "select count(*) from (select id as id from AuditRow where %s order by at desc limit %d) c"
            .formatted(where, MOST_COUNTED + 1);
    return bind(session.createSelectionQuery(count, Long.class)).getSingleResult();
  }

  private Uni<List<AuditRow>> entries(Mutiny.Session session, int offset, int limit) {
    String page = "from AuditRow where " + where + " order by at desc, id desc";
    return bind(session.createSelectionQuery(page, AuditRow.class))
        .setFirstResult(offset)
        .setMaxResults(limit)
        .getResultList();
  }

  private <T> Mutiny.SelectionQuery<T> bind(Mutiny.SelectionQuery<T> query) {
    parameters.forEach(query::setParameter);
    return query;
  }
}
