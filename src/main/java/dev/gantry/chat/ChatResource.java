package dev.gantry.chat;

import dev.gantry.chat.turns.ChatConfig;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.TurnStore;
import dev.gantry.executions.ChatExecutions;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StartExecution.Started;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /chat}: says something to an agent. What is wrong with it is told before it is
 * accepted; what is accepted is a turn, which goes on whether or not its caller waits. Event loop.
 */
@Path("/chat")
@Tag(name = "Chat")
class ChatResource {
  private final StartTurn start;
  private final Documents documents;
  private final Conversations conversations;
  private final ChatExecutions executions;
  private final TurnStore turns;
  private final Following following;
  private final ChatConfig config;
  private final Caller caller;

  ChatResource(
      StartTurn start,
      Documents documents,
      Conversations conversations,
      ChatExecutions executions,
      TurnStore turns,
      Following following,
      ChatConfig config,
      Caller caller) {
    this.start = start;
    this.documents = documents;
    this.conversations = conversations;
    this.executions = executions;
    this.turns = turns;
    this.following = following;
    this.config = config;
    this.caller = caller;
  }

  @POST
  @OnRepeat(OnRepeat.Way.OWN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, "text/event-stream;qs=0.5"})
  public Uni<RestResponse<ChatAnswer>> say(
      ChatRequest body,
      @Context HttpHeaders headers,
      @Context RoutingContext context,
      @Context UriInfo uri) {
    ChatRequest.check(body);
    IdempotencyKey key = IdempotencyKey.of(headers, "/chat", body);
    Actor actor = caller.actor();
    var request = Vertx.currentContext();
    String base = uri.getBaseUri().toString();
    return executions
        .before(actor.organization(), key)
        .chain(
            before ->
                before.isPresent() ? Uni.createFrom().item(before.get()) : begin(actor, body, key))
        .emitOn(MutinyHelper.executor(request))
        .chain(
            turn ->
                body.streams()
                    ? stream(turn, base, context)
                    : answer(actor.organization(), turn, config.answerWithin()));
  }

  private Uni<RestResponse<ChatAnswer>> stream(UUID turn, String base, RoutingContext context) {
    String location = base.replaceAll("/$", "") + path(turn);
    context.response().putHeader(HttpHeaders.LOCATION, location);
    return following.stream(turn, 0, context).replaceWith((RestResponse<ChatAnswer>) null);
  }

  private static String path(UUID turn) {
    return "/chat/executions/" + Kind.CHAT.prefix() + turn;
  }

  /** With the response, or 202 for a turn that goes on. */
  private Uni<RestResponse<ChatAnswer>> answer(UUID organization, UUID turn, Duration patience) {
    return following
        .settled(turn, patience)
        .chain(() -> executions.get(organization, turn, Duration.ZERO))
        .chain(
            found ->
                turns
                    .find(organization, turn)
                    .map(
                        known ->
                            ResponseBuilder.ok(
                                    new ChatAnswer(
                                        found.response(),
                                        found.publicId(),
                                        found.createdAt(),
                                        known.map(TurnStore.Known::session).orElse(null),
                                        found.status(),
                                        found.error()))
                                .status(found.terminal() ? 200 : 202)
                                .location(URI.create(path(turn)))
                                .build()));
  }

  private Uni<UUID> begin(Actor actor, ChatRequest body, IdempotencyKey key) {
    UUID organization = actor.organization();
    if (Ids.parse("", body.agentUuid()).isEmpty()) {
      throw ApiException.invalid("agent_uuid", "must be an agent's id: GET /agents lists them");
    }
    return start
        .agent(organization, "agent_uuid", body.agentUuid())
        .call(
            agent ->
                body.session() == null
                    ? Uni.createFrom().voidItem()
                    : conversations.require(body.session(), organization, agent.id()))
        .chain(
            agent ->
                documents
                    .of(body.documents())
                    .chain(
                        found ->
                            start.begin(
                                actor,
                                agent,
                                body.session(),
                                new Asked(body.message(), found),
                                key)))
        .map(Started::id);
  }
}
