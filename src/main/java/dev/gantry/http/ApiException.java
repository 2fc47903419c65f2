package dev.gantry.http;

import java.util.Map;

/**
 * A request that cannot be answered as asked; becomes the error envelope. The message is for the
 * caller: it says what is wrong and what to do, and nothing of the server's inside.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final ErrorCode code;
  private final int status;
  private final boolean mayPass;
  private final transient Map<String, Object> details;

  public ApiException(ErrorCode code, int status, String message, Map<String, Object> details) {
    this(code, status, message, details, false);
  }

  private ApiException(
      ErrorCode code, int status, String message, Map<String, Object> details, boolean mayPass) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
    this.mayPass = mayPass;
    this.details = details;
  }

  public ApiException(ErrorCode code, String message, Map<String, Object> details) {
    this(code, code.status(), message, details);
  }

  /** 404 for a resource of this kind; the same whether it is absent or another organization's. */
  public static ApiException notFound(String kind, String id) {
    return new ApiException(
        ErrorCode.NOT_FOUND, kind + " not found: " + id, Map.of("resource", kind, "id", id));
  }

  /** 400 for one field. */
  public static ApiException invalid(String field, String error) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        "Invalid request parameters",
        Map.of("field", field, "error", error));
  }

  /** The same, where the same request may succeed later. */
  public ApiException passing() {
    return new ApiException(code, status, getMessage(), details, true);
  }

  /** Whether the reason lies with somebody else and may go by itself. */
  public boolean mayPass() {
    return mayPass;
  }

  /** What is wrong, and with what, in one line. */
  public String explained() {
    Object error = details.get("error");
    return error == null ? getMessage() : details.get("field") + ": " + error;
  }

  public ErrorCode code() {
    return code;
  }

  public int status() {
    return status;
  }

  public Map<String, Object> details() {
    return details;
  }
}
