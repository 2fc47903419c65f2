package dev.gantry.resources;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import java.util.Map;
import org.hibernate.exception.ConstraintViolationException;

/** What a violated unique index means to a caller. Pure code. */
final class Conflict {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String BEFORE_FIELD = "_by_";

  private Conflict() {}

  /** 409 for a violated index {@code <table>_by_<field>}, any other failure as it is. */
  static Throwable of(Throwable failure) {
    if (failure instanceof ConstraintViolationException violation
        && UNIQUE_VIOLATION.equals(violation.getSQLState())
        && violation.getConstraintName().contains(BEFORE_FIELD)) {
      return on(field(violation.getConstraintName()));
    }
    return failure;
  }

  private static String field(String constraint) {
    return constraint.substring(constraint.indexOf(BEFORE_FIELD) + BEFORE_FIELD.length());
  }

  private static ApiException on(String field) {
    return new ApiException(
        ErrorCode.CONFLICT,
        "There is one with this " + field + " already",
        Map.of("field", field, "error", "is taken"));
  }
}
