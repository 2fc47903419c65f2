package dev.gantry.chat;

import dev.gantry.agents.AgentProfile;
import dev.gantry.agents.AgentProfiles;
import dev.gantry.chat.turns.Answers;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Masks;
import dev.gantry.executions.ChatExecutions;
import dev.gantry.executions.StartExecution.Started;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.platform.Ids;
import dev.gantry.workflows.WorkflowDefinition.Action;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;

/**
 * Begins turns, whoever asks. What is wrong fails before anything is accepted. Event loop, on the
 * caller's context; never blocks.
 */
@ApplicationScoped
public class StartTurn {
  private final AgentProfiles agents;
  private final Answers answers;
  private final Masks masks;
  private final Conversations conversations;
  private final ChatExecutions executions;

  StartTurn(
      AgentProfiles agents,
      Answers answers,
      Masks masks,
      Conversations conversations,
      ChatExecutions executions) {
    this.agents = agents;
    this.answers = answers;
    this.masks = masks;
    this.conversations = conversations;
    this.executions = executions;
  }

  /**
   * The agent, which may be used, and somebody who answers for it. Fails with 400 when there is
   * none, and with 409 when it is inactive.
   *
   * @param field that names it in the request
   */
  public Uni<AgentProfile> agent(UUID organization, String field, String named) {
    return agents
        .find(organization, named)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        ApiException.invalid(
                            field, "no agent '" + named + "'; GET /agents lists what there is")))
        .invoke(agent -> requireActive(agent, field))
        .call(agent -> answers.check(organization, agent.model()));
  }

  private static void requireActive(AgentProfile agent, String field) {
    if (!agent.active()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The agent is inactive: activate it with PUT /api/v1/agents/" + agent.id(),
          Map.of("field", field));
    }
  }

  /**
   * Begins a turn, or answers the one that the key has begun before. What is kept of it shows no
   * value of the agent's secrets.
   *
   * @param session of the agent; null = a new one
   */
  public Uni<Started> begin(
      Actor actor, AgentProfile agent, UUID session, Asked asked, IdempotencyKey key) {
    return masks
        .masked(actor.organization(), agent.secrets(), asked)
        .emitOn(MutinyHelper.executor(Vertx.currentContext()))
        .chain(masked -> beginMasked(actor, agent, session, masked, key));
  }

  private Uni<Started> beginMasked(
      Actor actor, AgentProfile agent, UUID session, Asked asked, IdempotencyKey key) {
    UUID in = session == null ? Ids.next() : session;
    return executions.start(
        actor,
        agent.name(),
        Action.Agent.of(agent.id().toString(), asked.message()),
        agent.runner(),
        key,
        (transaction, execution) ->
            conversations.begin(transaction, execution, actor.organization(), agent, in, asked));
  }
}
