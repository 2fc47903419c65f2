package dev.gantry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.http.ApiException;

/**
 * A message of JSON-RPC 2.0 from a client. Pure code.
 *
 * @param id null = a notification, which is not answered
 * @param params missing when there are none
 */
record RpcMessage(JsonNode id, String method, JsonNode params) {
  /** Fails with 400 for what is no message that a client may send. */
  static RpcMessage read(JsonNode body) {
    if (body == null || !body.isObject()) {
      throw ApiException.invalid("body", "must be one JSON-RPC message, a JSON object");
    }
    if (!body.path("jsonrpc").asText().equals("2.0")) {
      throw ApiException.invalid("jsonrpc", "must be \"2.0\"");
    }
    if (!body.path("method").isTextual()) {
      throw ApiException.invalid("method", "is required: this server asks its clients nothing");
    }
    JsonNode id = body.get("id");
    if (id != null && !id.isTextual() && !id.isIntegralNumber()) {
      throw ApiException.invalid("id", "must be a text or a whole number");
    }
    JsonNode params = body.path("params");
    if (!params.isMissingNode() && !params.isObject()) {
      throw ApiException.invalid("params", "must be an object");
    }
    return new RpcMessage(
        id, body.get("method").textValue(), params.isObject() ? params : MissingNode.getInstance());
  }

  boolean isNotification() {
    return id == null;
  }
}
