package dev.gantry.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.Paging;
import dev.gantry.messaging.TopicCatalog;
import dev.gantry.messaging.TopicCheck;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /admin}: topics and dead letters, for the installation's own admins. Event loop. */
@Path("/admin")
@Tag(name = "Admin")
@Produces(MediaType.APPLICATION_JSON)
class BrokerResource {
  private static final int LETTERS = 50;
  private static final int MOST_LETTERS = 100;

  private final Operators operators;
  private final DeadLetterBox letters;
  private final TopicCatalog catalog;
  private final AuditTrail audit;
  private final Pool pool;
  private final Caller caller;

  BrokerResource(
      Operators operators,
      DeadLetterBox letters,
      TopicCatalog catalog,
      AuditTrail audit,
      Pool pool,
      Caller caller) {
    this.operators = operators;
    this.letters = letters;
    this.catalog = catalog;
    this.audit = audit;
    this.pool = pool;
    this.caller = caller;
  }

  /**
   * A page of dead letters.
   *
   * @param next for the parameter {@code after}; null when there was none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "DeadLetters",
      requiredProperties = {"dead_letters", "has_more"})
  record Letters(List<DeadLetterView> deadLetters, boolean hasMore, String next) {}

  /** How many were sent. */
  @Schema(name = "DeadLettersReplayed")
  record Replayed(int replayed) {}

  /** The topics, and whether all are as they should be. */
  @Schema(name = "TopicList")
  record TopicList(List<TopicCheck> topics, boolean ok) {}

  @GET
  @Path("/topics")
  public Uni<TopicList> topics() {
    return operators
        .require()
        .chain(() -> blocking(catalog::check))
        .map(found -> new TopicList(found, found.stream().allMatch(t -> t.faults().isEmpty())));
  }

  @GET
  @Path("/dead-letters")
  public Uni<Letters> list(
      @QueryParam("topic") String topic,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    int most = Paging.number("limit", limit, LETTERS, 1, MOST_LETTERS);
    LetterId from =
        after == null
            ? null
            : LetterId.parse(after)
                .orElseThrow(
                    () -> ApiException.invalid("after", "must be what 'next' of a page said"));
    return operators
        .require()
        .chain(() -> blocking(() -> letters.list(topic, from, most + 1)))
        .map(found -> page(found, most, after));
  }

  private static Letters page(List<DeadLetterView> found, int most, String after) {
    boolean more = found.size() > most;
    List<DeadLetterView> page = more ? found.subList(0, most) : found;
    return new Letters(page, more, page.isEmpty() ? after : page.get(page.size() - 1).id());
  }

  @POST
  @Path("/dead-letters/replay")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Replayed> replay(ReplayLetters body) {
    Actor actor = caller.actor();
    List<LetterId> ids = ReplayLetters.read(body);
    AuditEntry entry =
        new AuditEntry(
            actor,
            "dead_letter.replay",
            "dead_letter",
            ids.get(0).toString(),
            ids.get(0).topic(),
            Map.of("ids", ids.stream().map(LetterId::toString).toList()));
    return operators
        .require()
        .chain(
            () ->
                blocking(
                    () -> {
                      letters.replay(ids);
                      return ids.size();
                    }))
        .call(() -> audit.add(pool, entry))
        .map(Replayed::new);
  }

  private static <T> Uni<T> blocking(Supplier<T> work) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .item(work)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .emitOn(MutinyHelper.executor(context));
  }
}
