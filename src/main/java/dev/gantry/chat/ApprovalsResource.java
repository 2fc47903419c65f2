package dev.gantry.chat;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Transcript;
import dev.gantry.chat.turns.TurnStore;
import dev.gantry.chat.turns.Turns;
import dev.gantry.executions.ChatExecutions;
import dev.gantry.executions.ChatExecutions.Turn;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code /chat/executions/{id}/calls/{call}}: a person's word to a call that the agent's policy
 * asks for. The first word counts. Event loop.
 */
@Path("/chat/executions/{execution_id}/calls/{call_id}")
@Tag(name = "Chat")
@Produces(MediaType.APPLICATION_JSON)
class ApprovalsResource {
  private static final int LONGEST_COMMENT = 1_000;

  private final ChatExecutions executions;
  private final TurnStore store;
  private final Turns turns;
  private final AuditTrail audit;
  private final Pool pool;
  private final Caller caller;

  ApprovalsResource(
      ChatExecutions executions,
      TurnStore store,
      Turns turns,
      AuditTrail audit,
      Pool pool,
      Caller caller) {
    this.executions = executions;
    this.store = store;
    this.turns = turns;
    this.audit = audit;
    this.pool = pool;
    this.caller = caller;
  }

  @POST
  @Path("/approve")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<TurnView>> approve(
      @PathParam("execution_id") String executionId,
      @PathParam("call_id") String callId,
      CallDecision decision) {
    return decide(executionId, callId, true, decision);
  }

  @POST
  @Path("/reject")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<TurnView>> reject(
      @PathParam("execution_id") String executionId,
      @PathParam("call_id") String callId,
      CallDecision decision) {
    return decide(executionId, callId, false, decision);
  }

  private Uni<RestResponse<TurnView>> decide(
      String executionId, String callId, boolean approved, CallDecision given) {
    CallDecision decision = given == null ? CallDecision.PLAIN : given;
    new Fields().text("comment", decision.comment(), LONGEST_COMMENT).check();
    Actor actor = caller.actor();
    Decided decided = new Decided(callId, approved, actor.name(), decision.comment(), null);
    return executions
        .get(actor.organization(), ChatExecutions.parse(executionId), Duration.ZERO)
        .chain(
            turn ->
                store
                    .transcript(turn.id())
                    .invoke(transcript -> requireWaiting(turn, transcript, callId))
                    .chain(transcript -> keep(actor, turn, decided).replaceWith(transcript))
                    .map(transcript -> TurnView.of(turn, null, transcript)))
        .map(view -> RestResponse.status(RestResponse.Status.ACCEPTED, view));
  }

  private static void requireWaiting(Turn turn, Transcript transcript, String callId) {
    if (!transcript.hasCalled(callId)) {
      throw ApiException.notFound("Call", callId);
    }
    boolean waits = transcript.undecided().stream().map(Called::callId).anyMatch(callId::equals);
    if (!waits || turn.terminal()) {
      throw decidedAlready();
    }
  }

  private static ApiException decidedAlready() {
    return new ApiException(
        ErrorCode.CONFLICT, "The call does not wait for approval", Map.of("field", "call_id"));
  }

  private Uni<Void> keep(Actor actor, Turn turn, Decided decided) {
    AuditEntry entry =
        new AuditEntry(
            actor,
            decided.approved() ? "chat.approve" : "chat.reject",
            "execution",
            turn.publicId(),
            turn.agent(),
            Map.of("call", decided.callId()));
    return pool.withTransaction(
            connection ->
                store
                    .decide(connection, turn.id(), decided)
                    .invoke(
                        first -> {
                          if (!first) {
                            throw decidedAlready();
                          }
                        })
                    .chain(() -> audit.add(connection, entry)))
        .invoke(turns::moved);
  }
}
