package dev.gantry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Messages of JSON-RPC 2.0 to a client. Pure code. */
final class Rpc {
  static final int NO_SUCH_METHOD = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL_ERROR = -32603;

  private Rpc() {}

  /** What is asked cannot be answered; the message is for the caller. */
  static final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    RpcException(int code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }

  static RpcException invalid(String message) {
    return new RpcException(INVALID_PARAMS, message);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode result(JsonNode id, ObjectNode result) {
    ObjectNode message = message();
    message.set("id", id);
    message.set("result", result);
    return message;
  }

  static ObjectNode error(JsonNode id, RpcException failure) {
    return error(id, failure.code, failure.getMessage());
  }

  static ObjectNode error(JsonNode id, int code, String text) {
    ObjectNode message = message();
    message.set("id", id);
    message.putObject("error").put("code", code).put("message", text);
    return message;
  }

  static ObjectNode notification(String method, ObjectNode params) {
    ObjectNode message = message().put("method", method);
    message.set("params", params);
    return message;
  }

  private static ObjectNode message() {
    return object().put("jsonrpc", "2.0");
  }
}
