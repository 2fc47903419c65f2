package dev.gantry.resources;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code ETag} of a resource, made of its version, and the {@code If-Match} of a request that
 * wants to change only what it has seen. Strong comparison, as RFC 9110 asks for here: a weak tag
 * matches nothing. Pure code.
 */
public final class EntityTag {
  static final String ANY = "*";
  private static final String TAG = "(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"";
  private static final Pattern ONE = Pattern.compile(TAG);
  private static final Pattern LIST =
      Pattern.compile("[ \\t]*" + TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*[ \\t]*");

  private EntityTag() {}

  static String of(Resource resource) {
    return of(resource.version);
  }

  static String of(int version) {
    return "\"" + version + "\"";
  }

  /**
   * Fails with 412 when {@code ifMatch} names other versions than the resource's, with 400 when it
   * is no list of tags; null asks for nothing.
   */
  static void require(String ifMatch, Resource resource) {
    if (ifMatch == null || ifMatch.strip().equals(ANY)) {
      return;
    }
    if (!LIST.matcher(ifMatch).matches()) {
      throw ApiException.invalid("If-Match", "must be *, or entity tags like \"3\"");
    }
    String current = of(resource);
    Matcher tags = ONE.matcher(ifMatch);
    while (tags.find()) {
      if (tags.group().equals(current)) {
        return;
      }
    }
    throw new ApiException(
        ErrorCode.CONFLICT,
        412,
        "It has been changed since it was read; read it again",
        Map.of("field", "If-Match", "error", "does not match", "etag", current));
  }
}
