package dev.gantry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.StartExecution.Started;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.http.idempotency.OnRepeat;
import dev.gantry.mcp.Rpc.RpcException;
import dev.gantry.tools.DefinitionKind;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /mcp}: the Model Context Protocol over streamable HTTP. A session is a name that the
 * client gets and says again, and nothing is kept for it. Event loop.
 */
@Path("/mcp")
@Tag(name = "MCP")
class McpResource {
  private static final Logger LOG = Logger.getLogger(McpResource.class);
  private static final String SESSION = "Mcp-Session-Id";
  private static final String VERSION = "MCP-Protocol-Version";

  /** Newest first. */
  private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");

  private final ToolList list;
  private final ToolCalls calls;
  private final Caller caller;
  private final String version;

  McpResource(
      ToolList list,
      ToolCalls calls,
      Caller caller,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.list = list;
    this.calls = calls;
    this.caller = caller;
    this.version = version;
  }

  @POST
  @OnRepeat(OnRepeat.Way.OWN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
  public Uni<RestResponse<ObjectNode>> message(
      JsonNode body,
      @HeaderParam(SESSION) String session,
      @HeaderParam(VERSION) String protocol,
      @Context RoutingContext context) {
    IdempotencyKey.checked(SESSION, session);
    if (protocol != null && !VERSIONS.contains(protocol)) {
      throw ApiException.invalid(VERSION, "must be one of " + String.join(", ", VERSIONS));
    }
    RpcMessage message = RpcMessage.read(body);
    if (message.isNotification()) {
      return heard(message, session);
    }
    return Uni.createFrom()
        .deferred(() -> answer(message, session, context))
        .onFailure(RpcException.class)
        .recoverWithItem(failure -> json(Rpc.error(message.id(), failure)));
  }

  private Uni<RestResponse<ObjectNode>> heard(RpcMessage message, String session) {
    JsonNode request = message.params().path("requestId");
    boolean takenBack =
        message.method().equals("notifications/cancelled")
            && session != null
            && !request.isMissingNode();
    return (takenBack
            ? calls.cancel(caller.actor(), session, request)
            : Uni.createFrom().voidItem())
        .map(done -> RestResponse.accepted());
  }

  private Uni<RestResponse<ObjectNode>> answer(
      RpcMessage message, String session, RoutingContext context) {
    return switch (message.method()) {
      case "initialize" -> Uni.createFrom().item(initialize(message));
      case "ping" -> result(message, Uni.createFrom().item(Rpc.object()));
      case "tools/list" ->
          result(message, list.page(caller.organizationId(), kinds(), message.params()));
      case "tools/call" -> call(message, session, context);
      default ->
          throw new RpcException(
              Rpc.NO_SUCH_METHOD, "there is no method '" + shown(message.method()) + "'");
    };
  }

  private static String shown(String method) {
    return method.substring(0, Math.min(method.length(), 100));
  }

  private RestResponse<ObjectNode> initialize(RpcMessage message) {
    String wanted = message.params().path("protocolVersion").asText();
    ObjectNode result =
        Rpc.object().put("protocolVersion", VERSIONS.contains(wanted) ? wanted : VERSIONS.get(0));
    result.putObject("capabilities").putObject("tools").put("listChanged", false);
    result.putObject("serverInfo").put("name", "gantry").put("version", version);
    result.put(
        "instructions",
        "Each call runs a tool or a workflow, waits for its end and answers its output with the id"
            + " of its execution.");
    return ResponseBuilder.ok(Rpc.result(message.id(), result), MediaType.APPLICATION_JSON_TYPE)
        .header(SESSION, UUID.randomUUID())
        .build();
  }

  /** What the key's scopes allow the caller to execute. */
  private List<DefinitionKind> kinds() {
    return Arrays.stream(DefinitionKind.values()).filter(this::mayExecute).toList();
  }

  private boolean mayExecute(DefinitionKind kind) {
    return caller.mayChange(kind == DefinitionKind.TOOL ? "tools" : "workflows");
  }

  private static Uni<RestResponse<ObjectNode>> result(RpcMessage message, Uni<ObjectNode> result) {
    return result.map(found -> json(Rpc.result(message.id(), found)));
  }

  private static RestResponse<ObjectNode> json(ObjectNode message) {
    return ResponseBuilder.ok(message, MediaType.APPLICATION_JSON_TYPE).build();
  }

  private Uni<RestResponse<ObjectNode>> call(
      RpcMessage message, String session, RoutingContext context) {
    ToolName tool =
        ToolName.parse(message.params().path("name").asText())
            .orElseThrow(
                () -> Rpc.invalid("there is no such tool; tools/list tells what there is"));
    JsonNode arguments = message.params().path("arguments");
    if (!arguments.isMissingNode() && !arguments.isNull() && !arguments.isObject()) {
      throw Rpc.invalid("'arguments' must be an object");
    }
    requireScope(tool.kind());
    return calls
        .start(caller.actor(), tool, arguments, session, message.id())
        .chain(started -> ended(message, started, context))
        .onFailure(McpResource::isTheCalls)
        .recoverWithItem(
            failure ->
                json(
                    Rpc.result(
                        message.id(), Results.refused(((ApiException) failure).explained()))));
  }

  private void requireScope(DefinitionKind kind) {
    if (!mayExecute(kind)) {
      throw new ApiException(
          ErrorCode.AUTHORIZATION_ERROR, "This key's scopes do not allow this", Map.of());
    }
  }

  /** Wrong names and arguments, which a model can put right by itself. */
  private static boolean isTheCalls(Throwable failure) {
    return failure instanceof ApiException api && (api.status() == 400 || api.status() == 404);
  }

  private Uni<RestResponse<ObjectNode>> ended(
      RpcMessage message, Started started, RoutingContext context) {
    Uni<ObjectNode> answer =
        calls
            .ended(caller.organizationId(), started)
            .map(outcome -> Rpc.result(message.id(), Results.of(started.kind(), outcome)));
    String accepted = context.request().getHeader("Accept");
    if (accepted == null || !accepted.contains(MediaType.SERVER_SENT_EVENTS)) {
      return answer.map(McpResource::json);
    }
    String id = started.kind().prefix() + started.id();
    return new CallStream(context.response(), message.params().at("/_meta/progressToken"), id)
        .write(answer.onFailure().recoverWithItem(failure -> lost(message, id, failure)))
        .map(written -> null);
  }

  /** The stream has begun, so that no status can tell of it. */
  private static ObjectNode lost(RpcMessage message, String id, Throwable failure) {
    LOG.warnf("the end of %s cannot be told to its caller: %s", id, failure.toString());
    return Rpc.error(
        message.id(),
        Rpc.INTERNAL_ERROR,
        "the server failed while " + id + " ran; that goes on, and GET tells what comes of it");
  }
}
