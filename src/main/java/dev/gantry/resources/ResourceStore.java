package dev.gantry.resources;

import dev.gantry.http.ApiException;
import dev.gantry.http.Paging;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads and writes resources, each query within one organization. A change and the event that tells
 * of it, where the resource tells of any, are one transaction; the row is locked before the change,
 * so that the events of a resource are counted and published in the order of its changes. Event
 * loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class ResourceStore {
  private final Outbox outbox;
  private final Topics topics;
  private final Totals totals;

  ResourceStore(Outbox outbox, Topics topics, Totals totals) {
    this.outbox = outbox;
    this.topics = topics;
    this.totals = totals;
  }

  /** Fails with 404 when the organization has no such resource. */
  public <R extends Resource> Uni<R> get(Class<R> type, Identity identity) {
    return Panache.withSession(() -> find(type, identity, LockModeType.NONE));
  }

  /** Fails with 409, naming the field, when another resource has what only one may have. */
  public <R extends Resource> Uni<R> create(R resource, UUID organization) {
    return create(resource, organization, stored -> Uni.createFrom().voidItem());
  }

  /**
   * As {@link #create(Resource, UUID)}.
   *
   * @param also belongs to the same transaction, in the current session; what it fails with undoes
   *     the rest
   */
  public <R extends Resource> Uni<R> create(
      R resource, UUID organization, Function<R, Uni<?>> also) {
    resource.begin(organization);
    return change(() -> told(resource, "created", resource::persistAndFlush).call(also));
  }

  /**
   * Applies {@code change} to what is stored now.
   *
   * @param ifMatch the header, or null; see {@link EntityTag}
   */
  public <R extends Resource> Uni<R> update(
      Class<R> type, Identity identity, String ifMatch, Consumer<R> change) {
    return update(type, identity, ifMatch, change, stored -> Uni.createFrom().voidItem());
  }

  /**
   * As {@link #update(Class, Identity, String, Consumer)}.
   *
   * @param also as for {@link #create(Resource, UUID, Function)}
   */
  public <R extends Resource> Uni<R> update(
      Class<R> type,
      Identity identity,
      String ifMatch,
      Consumer<R> change,
      Function<R, Uni<?>> also) {
    return change(
        () ->
            locked(type, identity, ifMatch)
                .invoke(change)
                .invoke(Resource::touch)
                .chain(found -> told(found, "updated", found::flush))
                .call(also));
  }

  /**
   * A change that is none of the caller's making and nobody's news: the time of the last update
   * stays.
   */
  public <R extends Resource, T> Uni<T> note(
      Class<R> type, Identity identity, Function<R, Uni<? extends T>> change) {
    return Panache.withTransaction(() -> locked(type, identity, null).chain(change));
  }

  /** As {@link #update}; answers what was there. */
  public <R extends Resource> Uni<R> delete(Class<R> type, Identity identity, String ifMatch) {
    return change(
        () ->
            locked(type, identity, ifMatch).chain(found -> told(found, "deleted", found::delete)));
  }

  /** One page of a list, and how many there are in all. */
  public <R extends Resource> Uni<ResourcePage<R>> list(
      Class<R> type, ResourceQuery query, Paging paging) {
    int limit = paging.limit();
    int offset = paging.offset();
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        totals
                            .of(session, type, query)
                            .chain(
                                total ->
                                    ResourcePage.read(
                                        session, type, query, offset, limit, total))));
  }

  private <R extends Resource> Uni<R> locked(Class<R> type, Identity identity, String ifMatch) {
    return find(type, identity, LockModeType.PESSIMISTIC_WRITE)
        .invoke(found -> EntityTag.require(ifMatch, found));
  }

  private static <R extends Resource> Uni<R> find(
      Class<R> type, Identity identity, LockModeType lock) {
    if (identity.value() == null) {
      throw notFound(type, identity);
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from %s where %s = ?1 and organizationId = ?2"
                            .formatted(type.getSimpleName(), identity.field()),
                        type)
                    .setParameter(1, identity.value())
                    .setParameter(2, identity.organization())
                    .setLockMode(lock)
                    .getSingleResultOrNull())
        .onItem()
        .ifNull()
        .failWith(() -> notFound(type, identity));
  }

  private static ApiException notFound(Class<? extends Resource> type, Identity identity) {
    return ApiException.notFound(type.getSimpleName(), identity.given());
  }

  private <R extends Resource> Uni<R> change(Supplier<Uni<R>> work) {
    return Panache.withTransaction(work)
        .onFailure()
        .transform(Conflict::of)
        .invoke(outbox::committed);
  }

  /** The event, if there is one, is counted before the row is written, and stored after it. */
  private <R extends Resource> Uni<R> told(R resource, String change, Supplier<Uni<?>> write) {
    Optional<OutboxMessage> message =
        resource.event(change).map(event -> event.toMessage(topics.events()));
    Uni<?> written = write.get();
    return message
        .<Uni<?>>map(m -> written.chain(Panache::getSession).chain(s -> outbox.add(s, m)))
        .orElse(written)
        .replaceWith(resource);
  }
}
