package dev.gantry.resources;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.Paging;
import dev.gantry.http.idempotency.AnswerStore;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Reads and writes resources, each query within one organization. A change, its entry in the audit
 * trail and, where the resource tells of any, its event are one transaction; the row is locked
 * before the change, so that the events of a resource are counted and published in the order of its
 * changes. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class ResourceStore {
  private final Outbox outbox;
  private final Topics topics;
  private final Totals totals;
  private final AuditTrail audit;
  private final AnswerStore answers;

  ResourceStore(
      Outbox outbox, Topics topics, Totals totals, AuditTrail audit, AnswerStore answers) {
    this.outbox = outbox;
    this.topics = topics;
    this.totals = totals;
    this.audit = audit;
    this.answers = answers;
  }

  /** Fails with 404 when the organization has no such resource. */
  public <R extends Resource> Uni<R> get(Class<R> type, Identity identity) {
    return Panache.withSession(() -> find(type, identity, LockModeType.NONE));
  }

  /**
   * Stores a new resource. Fails with 409, naming the field, when another resource has what only
   * one may have.
   *
   * @param then belongs to the same transaction, in the current session: what it fails with undoes
   *     the rest. Its result is this one's
   */
  public <R extends Resource, T> Uni<T> create(
      R resource, Actor actor, Function<R, Uni<? extends T>> then) {
    if (resource.id == null) {
      resource.begin(actor.organization());
    }
    return change(
        () -> told(resource, actor, Change.CREATE, resource::persistAndFlush).chain(then));
  }

  /**
   * Within the transaction of a create: stores what the request is answered, when it has an
   * idempotency key, so that a repeated one is answered alike and nothing is made twice.
   */
  public <V> Uni<RestResponse<V>> answer(Actor actor, RestResponse<V> answer) {
    if (actor.reservation() == null) {
      return Uni.createFrom().item(answer);
    }
    return Panache.getSession()
        .chain(session -> answers.keep(session, actor.reservation(), answer))
        .map(
            kept -> {
              if (!kept) {
                throw IdempotencyKey.underWay(actor.reservation().key(), 1);
              }
              return answer;
            });
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
   * @param also belongs to the same transaction, as for a create
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
                .chain(found -> told(found, identity.actor(), Change.UPDATE, found::flush))
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
            locked(type, identity, ifMatch)
                .chain(found -> told(found, identity.actor(), Change.DELETE, found::delete)));
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
                    .setParameter(2, identity.actor().organization())
                    .setLockMode(lock)
                    .getSingleResultOrNull())
        .onItem()
        .ifNull()
        .failWith(() -> notFound(type, identity));
  }

  private static ApiException notFound(Class<? extends Resource> type, Identity identity) {
    return ApiException.notFound(type.getSimpleName(), identity.given());
  }

  private <T> Uni<T> change(Supplier<Uni<T>> work) {
    return Panache.withTransaction(work)
        .onFailure()
        .transform(Conflict::of)
        .invoke(outbox::committed);
  }

  private enum Change {
    CREATE("created"),
    UPDATE("updated"),
    DELETE("deleted");

    private final String told;

    Change(String told) {
      this.told = told;
    }

    String action(Resource resource) {
      return Resource.kind(resource.getClass()) + "." + name().toLowerCase(Locale.ROOT);
    }
  }

  /** The event, if there is one, is counted before the row is written, and stored after it. */
  private <R extends Resource> Uni<R> told(
      R resource, Actor actor, Change change, Supplier<Uni<?>> write) {
    Optional<OutboxMessage> message =
        resource.event(change.told, actor.trace()).map(event -> event.toMessage(topics.events()));
    return write
        .get()
        .chain(Panache::getSession)
        .call(session -> audit.add(session, entry(resource, actor, change)))
        .call(session -> add(session, message))
        .replaceWith(resource);
  }

  private static AuditEntry entry(Resource resource, Actor actor, Change change) {
    return new AuditEntry(
        actor,
        change.action(resource),
        Resource.kind(resource.getClass()),
        resource.publicId(),
        resource.name,
        Map.of("version", resource.version));
  }

  private Uni<Void> add(Mutiny.Session session, Optional<OutboxMessage> message) {
    return message.map(m -> outbox.add(session, m)).orElse(Uni.createFrom().voidItem());
  }
}
