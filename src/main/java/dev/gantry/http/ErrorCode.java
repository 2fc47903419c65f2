package dev.gantry.http;

/** The codes of the error envelope, each with the HTTP status it goes with unless one is named. */
public enum ErrorCode {
  AUTHENTICATION_ERROR(401),
  AUTHORIZATION_ERROR(403),
  VALIDATION_ERROR(400),
  NOT_FOUND(404),
  CONFLICT(409),
  RATE_LIMIT_EXCEEDED(429),
  INTERNAL_ERROR(500),
  TIMEOUT(504);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
