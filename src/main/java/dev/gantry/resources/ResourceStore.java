package dev.gantry.resources;

import dev.gantry.http.ApiException;
import dev.gantry.http.Paging;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Ids;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Reads and writes resources, each query within one organization. A change and the event that tells
 * of it are one transaction; the row is locked before the change, so that the events of a resource
 * are counted and published in the order of its changes. Event loop, on the caller's context; never
 * blocks.
 */
@ApplicationScoped
public class ResourceStore {
  private final Outbox outbox;
  private final Topics topics;

  ResourceStore(Outbox outbox, Topics topics) {
    this.outbox = outbox;
    this.topics = topics;
  }

  /** Fails with 404 when the organization has no such resource. */
  public <R extends Resource> Uni<R> get(Class<R> type, UUID organization, String id) {
    return Panache.withSession(() -> find(type, organization, id, LockModeType.NONE));
  }

  /** Fails with 409, naming the field, when another resource has what only one may have. */
  public <R extends Resource> Uni<R> create(R resource, UUID organization) {
    resource.begin(organization);
    return change(
        () ->
            Panache.getSession()
                .chain(s -> told(s, resource, "created", s.persist(resource).chain(s::flush))));
  }

  /**
   * Applies {@code change} to what is stored now.
   *
   * @param ifMatch the header, or null; see {@link EntityTag}
   */
  public <R extends Resource> Uni<R> update(
      Class<R> type, UUID organization, String id, String ifMatch, Consumer<R> change) {
    return change(
        () ->
            locked(type, organization, id, ifMatch)
                .invoke(change)
                .invoke(Resource::touch)
                .chain(
                    found ->
                        Panache.getSession().chain(s -> told(s, found, "updated", s.flush()))));
  }

  public <R extends Resource> Uni<R> delete(
      Class<R> type, UUID organization, String id, String ifMatch) {
    return change(
        () ->
            locked(type, organization, id, ifMatch)
                .chain(
                    found ->
                        Panache.getSession()
                            .chain(s -> told(s, found, "deleted", s.remove(found)))));
  }

  private <R extends Resource> Uni<R> locked(
      Class<R> type, UUID organization, String id, String ifMatch) {
    return find(type, organization, id, LockModeType.PESSIMISTIC_WRITE)
        .invoke(found -> EntityTag.require(ifMatch, found));
  }

  private static <R extends Resource> Uni<R> find(
      Class<R> type, UUID organization, String id, LockModeType lock) {
    UUID known =
        Ids.parse("", id).orElseThrow(() -> ApiException.notFound(type.getSimpleName(), id));
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from %s where id = ?1 and organizationId = ?2"
                            .formatted(type.getSimpleName()),
                        type)
                    .setParameter(1, known)
                    .setParameter(2, organization)
                    .setLockMode(lock)
                    .getSingleResultOrNull())
        .onItem()
        .ifNull()
        .failWith(() -> ApiException.notFound(type.getSimpleName(), id));
  }

  private <R extends Resource> Uni<R> change(Supplier<Uni<R>> work) {
    return Panache.withTransaction(work)
        .onFailure()
        .transform(Conflict::of)
        .invoke(outbox::committed);
  }

  /** The event is counted before the row is written, and stored after it. */
  private <R extends Resource> Uni<R> told(
      Mutiny.Session session, R resource, String change, Uni<Void> write) {
    var message = resource.event(change).toMessage(topics.events());
    return write.chain(() -> outbox.add(session, message)).replaceWith(resource);
  }

  /** One page of a list, and how many there are in all. */
  public record Listed<R>(List<R> resources, long total) {}

  /** A page in the second half is read from the end: no page is further than half a list away. */
  public <R extends Resource> Uni<Listed<R>> list(
      Class<R> type, ResourceQuery query, Paging paging) {
    int limit = paging.limit();
    int offset = paging.offset();
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        total(session, type, query)
                            .chain(
                                total ->
                                    page(session, type, query, offset, limit, total)
                                        .map(found -> new Listed<>(found, total)))));
  }

  private static Uni<Long> total(
      Mutiny.Session session, Class<? extends Resource> type, ResourceQuery query) {
    Mutiny.SelectionQuery<Long> count = session.createSelectionQuery(query.count(type), Long.class);
    query.parameters().forEach(count::setParameter);
    return count.getSingleResult();
  }

  private static <R extends Resource> Uni<List<R>> page(
      Mutiny.Session session,
      Class<R> type,
      ResourceQuery query,
      int offset,
      int limit,
      long total) {
    int size = (int) Math.min(limit, total - offset);
    if (size <= 0) {
      return Uni.createFrom().item(List.of());
    }
    boolean backwards = offset > total / 2;
    int skipped = backwards ? (int) (total - offset - size) : offset;
    Mutiny.SelectionQuery<R> page =
        session.createSelectionQuery(query.page(type, skipped, size, backwards), type);
    query.parameters().forEach(page::setParameter);
    return page.getResultList()
        .invoke(
            found -> {
              if (backwards) {
                Collections.reverse(found);
              }
            });
  }
}
