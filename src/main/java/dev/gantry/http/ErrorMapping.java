package dev.gantry.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.ws.rs.WebApplicationException;
import java.net.ConnectException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What a caller is told of any failure. Pure code. */
final class ErrorMapping {
  private ErrorMapping() {}

  static ApiException toApi(Throwable failure) {
    if (failure instanceof ApiException api) {
      return api;
    }
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof ApiException api) {
        return api;
      } else if (cause instanceof JsonProcessingException json) {
        return json(json);
      } else if (isUnavailable(cause)) {
        return unavailable();
      }
      cause = cause.getCause();
    }
    if (failure instanceof WebApplicationException web) {
      return web(web.getResponse().getStatus());
    }
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "The server failed; the request id finds the reason in its log",
        Map.of());
  }

  static ApiException web(int status) {
    return switch (status) {
      case 401 ->
          new ApiException(ErrorCode.AUTHENTICATION_ERROR, "An API key is required", Map.of());
      case 403 ->
          new ApiException(ErrorCode.AUTHORIZATION_ERROR, "This key may not do that", Map.of());
      case 404 -> new ApiException(ErrorCode.NOT_FOUND, "There is nothing at this path", Map.of());
      case 405 -> refused(405, "The path exists, but does not take this method");
      case 406 ->
          refused(406, "None of the accepted media types can be given; ask for application/json");
      case 413 -> refused(413, "The request body is larger than this server takes");
      case 415 -> refused(415, "The body must be sent as application/json");
      default ->
          status < 500
              ? refused(status, "The request cannot be understood")
              : new ApiException(ErrorCode.INTERNAL_ERROR, status, "The server failed", Map.of());
    };
  }

  private static ApiException refused(int status, String message) {
    return new ApiException(ErrorCode.VALIDATION_ERROR, status, message, Map.of());
  }

  private static boolean isUnavailable(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof TimeoutException
        || cause instanceof io.vertx.core.http.ConnectionPoolTooBusyException;
  }

  private static ApiException unavailable() {
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        503,
        "The database cannot be reached; try again",
        Map.of(ErrorAnswers.RETRY_AFTER_SECONDS, 5));
  }

  private static ApiException json(JsonProcessingException json) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (json instanceof UnrecognizedPropertyException unknown) {
      details.put("field", path(unknown));
      details.put("error", "is not known; there is: " + known(unknown));
    } else if (json instanceof JsonMappingException mapping
        && !(json instanceof JsonMappingException m && m.getPath().isEmpty())) {
      details.put("field", path(mapping));
      details.put("error", "is not of the expected type");
    } else {
      details.put(
          "error",
          json instanceof JsonParseException ? "is no valid JSON" : "is not of the expected type");
    }
    if (json.getLocation() != null) {
      details.put("line", json.getLocation().getLineNr());
      details.put("column", json.getLocation().getColumnNr());
    }
    details.putIfAbsent("field", "body");
    return new ApiException(ErrorCode.VALIDATION_ERROR, "The request body cannot be read", details);
  }

  private static String known(UnrecognizedPropertyException unknown) {
    return unknown.getKnownPropertyIds().stream()
        .map(String::valueOf)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String path(JsonMappingException mapping) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : mapping.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }
}
