package dev.gantry.http;

import jakarta.ws.rs.QueryParam;
import java.util.regex.Pattern;

/** {@code limit} and {@code offset} of a list request. */
public class Paging {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;

  @QueryParam("limit")
  String limit;

  @QueryParam("offset")
  String offset;

  public int limit() {
    return number("limit", limit, DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  public int offset() {
    return number("offset", offset, 0, 0, Integer.MAX_VALUE - MAX_LIMIT);
  }

  /** The number that a query parameter holds, or a validation error that names the bounds. */
  public static int number(String field, String text, int fallback, int min, int max) {
    if (text == null) {
      return fallback;
    }
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return (int) number;
      }
    }
    throw ApiException.invalid(field, "must be a number from " + min + " to " + max);
  }
}
