package dev.gantry.chat;

import dev.gantry.agents.AgentProfile;
import dev.gantry.agents.AgentProfiles;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ListAnswer;
import dev.gantry.http.Paging;
import dev.gantry.platform.Ids;
import dev.gantry.platform.Times;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /chat/{agent_uuid}}: what was said to an agent and by it, and in which sessions. */
@Path("/chat/{agent_uuid}")
@Tag(name = "Chat")
@Produces(MediaType.APPLICATION_JSON)
class HistoryResource {
  private final AgentProfiles agents;
  private final Conversations conversations;
  private final Caller caller;

  HistoryResource(AgentProfiles agents, Conversations conversations, Caller caller) {
    this.agents = agents;
    this.conversations = conversations;
    this.caller = caller;
  }

  @GET
  @Path("/history")
  public Uni<ListAnswer<ChatMessage>> history(
      @PathParam("agent_uuid") String agentUuid,
      @BeanParam Paging paging,
      @QueryParam("since") String since,
      @QueryParam("session_id") String sessionId) {
    Instant from = since(since);
    UUID session = session(sessionId);
    int offset = paging.offset();
    int limit = paging.limit();
    UUID organization = caller.organizationId();
    return agent(organization, agentUuid)
        .chain(
            agent -> conversations.messages(organization, agent.id(), session, from, offset, limit))
        .map(page -> new ListAnswer<>("messages", page.items(), page.total(), paging));
  }

  @GET
  @Path("/sessions")
  public Uni<ListAnswer<ChatSession>> sessions(
      @PathParam("agent_uuid") String agentUuid, @BeanParam Paging paging) {
    int offset = paging.offset();
    int limit = paging.limit();
    UUID organization = caller.organizationId();
    return agent(organization, agentUuid)
        .chain(agent -> conversations.sessions(organization, agent.id(), offset, limit))
        .map(page -> new ListAnswer<>("sessions", page.items(), page.total(), paging));
  }

  private Uni<AgentProfile> agent(UUID organization, String uuid) {
    if (Ids.parse("", uuid).isEmpty()) {
      throw ApiException.notFound("Agent", uuid);
    }
    return agents
        .find(organization, uuid)
        .map(found -> found.orElseThrow(() -> ApiException.notFound("Agent", uuid)));
  }

  private static Instant since(String text) {
    return text == null
        ? null
        : Times.parse(text)
            .filter(
                time ->
                    time.isAfter(Instant.EPOCH)
                        && time.isBefore(Instant.parse("9999-01-01T00:00:00Z")))
            .orElseThrow(
                () -> ApiException.invalid("since", "must be a time like 2024-01-15T10:00:00Z"));
  }

  private static UUID session(String text) {
    return text == null
        ? null
        : Ids.parse("", text)
            .orElseThrow(() -> ApiException.invalid("session_id", "must be a session's id"));
  }
}
