package dev.gantry.executions;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Ids;
import dev.gantry.platform.Times;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which executions a list shows; an id tells when its execution was created. */
public class ExecutionFilter {
  /** What an identifier's 48 bits of milliseconds can hold. */
  private static final Instant LATEST = Instant.ofEpochMilli((1L << 48) - 2);

  @QueryParam("status")
  String status;

  @QueryParam("created_after")
  String createdAfter;

  @QueryParam("created_before")
  String createdBefore;

  /**
   * Checked, or fails with 400.
   *
   * @param field that has the name in the request
   * @param name of the workflow or tool; null = any
   */
  ExecutionReader.Filter named(String field, String name) {
    if (name != null && name.indexOf('\0') >= 0) {
      throw ApiException.invalid(field, "must not hold the character NUL");
    }
    List<String> known =
        Arrays.stream(ExecutionStatus.values()).map(ExecutionStatus::text).toList();
    if (status != null && !known.contains(status)) {
      throw ApiException.invalid(
          "status", "'" + status + "' is not known; there is: " + String.join(", ", known));
    }
    Instant from = time("created_after", createdAfter);
    Instant before = time("created_before", createdBefore);
    return new ExecutionReader.Filter(
        status,
        name,
        from == null ? null : Ids.first(from),
        before == null ? null : Ids.first(before),
        null);
  }

  private static Instant time(String field, String text) {
    if (text == null) {
      return null;
    }
    Optional<Instant> time = Times.parse(text).filter(ExecutionFilter::canHaveOne);
    return time.orElseThrow(
        () ->
            ApiException.invalid(
                field, "must be a time as RFC 3339 writes it, as 2030-01-31T12:00:00Z"));
  }

  private static boolean canHaveOne(Instant time) {
    return !time.isBefore(Instant.EPOCH) && time.isBefore(LATEST);
  }
}
