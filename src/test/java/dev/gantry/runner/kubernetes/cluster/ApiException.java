package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** What the API server answers instead of an object: a {@code Status} with code and reason. */
final class ApiException extends RuntimeException {
  private final int code;
  private final String reason;
  private final List<FieldError> causes;
  private final int retryAfterSeconds;

  /** {@code reason} as the API has it: {@code FieldValueRequired}, {@code FieldValueInvalid}, … */
  record FieldError(String reason, String field, String message) {
    static FieldError required(String field, String detail) {
      return new FieldError("FieldValueRequired", field, withDetail("Required value", detail));
    }

    static FieldError invalid(String field, Object value, String detail) {
      return new FieldError(
          "FieldValueInvalid", field, "Invalid value: \"" + value + "\": " + detail);
    }

    static FieldError unsupported(String field, Object value, List<String> supported) {
      String values =
          supported.stream().map(v -> "\"" + v + "\"").collect(Collectors.joining(", "));
      return new FieldError(
          "FieldValueNotSupported",
          field,
          "Unsupported value: \"" + value + "\": supported values: " + values);
    }

    static FieldError duplicate(String field, Object value) {
      return new FieldError("FieldValueDuplicate", field, "Duplicate value: \"" + value + "\"");
    }

    static FieldError notFound(String field, Object value) {
      return new FieldError("FieldValueNotFound", field, "Not found: \"" + value + "\"");
    }

    static FieldError forbidden(String field, String detail) {
      return new FieldError("FieldValueForbidden", field, withDetail("Forbidden", detail));
    }

    static FieldError tooLong(String field, int limit) {
      return new FieldError(
          "FieldValueTooLong", field, "Too long: may not be more than " + limit + " bytes");
    }

    private static String withDetail(String what, String detail) {
      return detail.isEmpty() ? what : what + ": " + detail;
    }
  }

  private ApiException(
      int code, String reason, String message, List<FieldError> causes, int retryAfterSeconds) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.causes = causes;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  ApiException(int code, String reason, String message) {
    this(code, reason, message, List.of(), 0);
  }

  static ApiException of(int code, String message, int retryAfterSeconds) {
    return new ApiException(code, reason(code), message, List.of(), retryAfterSeconds);
  }

  static ApiException notFound(Kind kind, String name) {
    return new ApiException(404, "NotFound", kind.qualified() + " \"" + name + "\" not found");
  }

  static ApiException alreadyExists(Kind kind, String name) {
    return new ApiException(
        409, "AlreadyExists", kind.qualified() + " \"" + name + "\" already exists");
  }

  static ApiException conflict(Kind kind, String name, String why) {
    return new ApiException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(kind.qualified(), name, why));
  }

  static ApiException invalid(Kind kind, String name, List<FieldError> causes) {
    String what =
        causes.stream().map(c -> c.field() + ": " + c.message()).collect(Collectors.joining(", "));
    String all = causes.size() > 1 ? "[" + what + "]" : what;
    String subject = kind.group().isEmpty() ? kind.name() : kind.name() + "." + kind.group();
    return new ApiException(
        422, "Invalid", subject + " \"" + name + "\" is invalid: " + all, causes, 0);
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException expired(String message) {
    return new ApiException(410, "Expired", message);
  }

  /** What a real cluster does and this one does not. */
  static ApiException notHere(String what) {
    return new ApiException(501, "NotImplemented", "the test's cluster does not do " + what);
  }

  int code() {
    return code;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  ObjectNode status() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    ObjectNode details = status.putObject("details");
    if (retryAfterSeconds > 0) {
      details.put("retryAfterSeconds", retryAfterSeconds);
    }
    if (!causes.isEmpty()) {
      ArrayNode list = details.putArray("causes");
      causes.forEach(
          c ->
              list.addObject()
                  .put("reason", c.reason())
                  .put("message", c.message())
                  .put("field", c.field()));
    }
    return status.put("code", code);
  }

  private static String reason(int code) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 409 -> "Conflict";
      case 410 -> "Expired";
      case 422 -> "Invalid";
      case 429 -> "TooManyRequests";
      case 503 -> "ServiceUnavailable";
      case 504 -> "Timeout";
      default -> "InternalError";
    };
  }
}
