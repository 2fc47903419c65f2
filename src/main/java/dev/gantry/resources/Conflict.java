package dev.gantry.resources;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import io.vertx.pgclient.PgException;
import java.util.Map;

/** What a violated unique index means to a caller. Pure code. */
final class Conflict {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String BEFORE_FIELD = "_by_";

  private Conflict() {}

  /** 409 for a violated index {@code <table>_by_<field>}, any other failure as it is. */
  static Throwable of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg
          && UNIQUE_VIOLATION.equals(pg.getSqlState())
          && pg.getConstraint().contains(BEFORE_FIELD)) {
        return on(field(pg.getConstraint()));
      }
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
