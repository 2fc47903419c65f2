package dev.gantry.chat;

import dev.gantry.chat.turns.TurnStore;
import dev.gantry.executions.ChatExecutions;
import dev.gantry.executions.ChatExecutions.Turn;
import dev.gantry.executions.ExecutionFilter;
import dev.gantry.executions.Explanation;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.http.Wait;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /chat/executions}: turns, read, followed and cancelled. Event loop. */
@Path("/chat/executions")
@Tag(name = "Chat")
@Produces(MediaType.APPLICATION_JSON)
class ChatExecutionsResource {
  private static final int DEFAULT_LINES = 1_000;
  private static final int MOST_LINES = 10_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final ChatExecutions executions;
  private final TurnStore turns;
  private final Following following;
  private final Caller caller;

  ChatExecutionsResource(
      ChatExecutions executions, TurnStore turns, Following following, Caller caller) {
    this.executions = executions;
    this.turns = turns;
    this.following = following;
    this.caller = caller;
  }

  @GET
  public Uni<ListAnswer<TurnView>> list(
      @BeanParam Paging paging,
      @BeanParam ExecutionFilter filter,
      @QueryParam("agent") String agent) {
    return executions
        .list(caller.organizationId(), filter, agent, paging.offset(), paging.limit())
        .map(
            page ->
                new ListAnswer<>(
                    "executions",
                    page.turns().stream().map(TurnView::listed).toList(),
                    page.total(),
                    paging));
  }

  @GET
  @Path("/{execution_id}")
  public Uni<TurnView> get(@PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    UUID id = ChatExecutions.parse(executionId);
    return executions.get(caller.organizationId(), id, wait.duration()).chain(this::view);
  }

  private Uni<TurnView> view(Turn turn) {
    return turns
        .find(caller.organizationId(), turn.id())
        .chain(
            known ->
                turns
                    .transcript(turn.id())
                    .map(transcript -> TurnView.of(turn, known.orElse(null), transcript)));
  }

  @GET
  @Path("/{execution_id}/why")
  public Uni<Explanation> why(@PathParam("execution_id") String executionId) {
    return executions.explain(caller.organizationId(), executionId);
  }

  @GET
  @Path("/{execution_id}/transcript")
  public Uni<TranscriptView> transcript(@PathParam("execution_id") String executionId) {
    UUID id = ChatExecutions.parse(executionId);
    return executions
        .get(caller.organizationId(), id, Duration.ZERO)
        .chain(found -> turns.transcript(id))
        .map(transcript -> TranscriptView.of(executionId, transcript));
  }

  @GET
  @Path("/{execution_id}/logs")
  public Uni<TurnLog> logs(
      @PathParam("execution_id") String executionId,
      @QueryParam("limit") String limit,
      @QueryParam("after") String after) {
    UUID id = ChatExecutions.parse(executionId);
    int most = Paging.number("limit", limit, DEFAULT_LINES, 1, MOST_LINES);
    int known = Paging.number("after", after, 0, 0, Integer.MAX_VALUE);
    return executions
        .get(caller.organizationId(), id, Duration.ZERO)
        .chain(found -> turns.entries(id, known))
        .map(entries -> TurnLog.of(entries, most));
  }

  @POST
  @Path("/{execution_id}/cancel")
  public Uni<RestResponse<TurnView>> cancel(
      @PathParam("execution_id") String executionId, @BeanParam Wait wait) {
    return executions
        .cancel(caller.actor(), executionId, wait.duration())
        .chain(this::view)
        .map(view -> RestResponse.status(RestResponse.Status.ACCEPTED, view));
  }

  /** The frames behind {@code Last-Event-ID}, or all, up to the last one. */
  @GET
  @Path("/{execution_id}/stream")
  @Produces("text/event-stream")
  public Uni<Void> stream(
      @PathParam("execution_id") String executionId, @Context RoutingContext context) {
    UUID id = ChatExecutions.parse(executionId);
    int after = after(context);
    return executions
        .get(caller.organizationId(), id, Duration.ZERO)
        .chain(found -> following.stream(id, after, context));
  }

  private static int after(RoutingContext context) {
    String header = context.request().getHeader("Last-Event-ID");
    String last = header == null ? context.request().getParam("last_event_id") : header;
    if (last == null) {
      return 0;
    }
    if (!NUMBER.matcher(last).matches()) {
      throw ApiException.invalid("Last-Event-ID", "must be the id of a frame of this stream");
    }
    return Integer.parseInt(last);
  }

  @GET
  @Path("/{execution_id}/events")
  public Uni<String> events(
      @PathParam("execution_id") String executionId, @Context RoutingContext context) {
    return executions.events(executionId, context);
  }

  @GET
  @Path("/{execution_id}/events")
  @Produces("text/event-stream;qs=0.5")
  public Uni<Void> followEvents(
      @PathParam("execution_id") String executionId, @Context RoutingContext context) {
    return executions.followEvents(executionId, context);
  }
}
