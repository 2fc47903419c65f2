package dev.gantry.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts with markers like {@code {{.event.a.b}}}, for which a payload's values are put in: texts as
 * they are, anything else as JSON, and nothing for what the payload does not have. A list's items
 * are addressed as {@code .items.0}. One pass over data: a value that holds a marker is not
 * expanded. Pure code; time is linear in the text and the result.
 */
final class Template {
  /** The longest result, in characters; Linux takes no longer environment variable. */
  static final int LONGEST = 120_000;

  private static final Pattern MARKER = Pattern.compile("\\{\\{([^{}]*)}}");
  private static final Pattern REFERENCE = Pattern.compile("\\s*\\.event((?:\\.[\\w-]+)*)\\s*");
  private static final Pattern INDEX = Pattern.compile("\\d{1,6}");

  private Template() {}

  /** Adds a fault when there is a marker of another form. */
  static void check(String field, String text, Fields fields) {
    if (text == null) {
      return;
    }
    MARKER
        .matcher(text)
        .results()
        .map(marker -> marker.group(1))
        .filter(reference -> !REFERENCE.matcher(reference).matches())
        .findFirst()
        .ifPresent(
            unknown ->
                fields.fault(
                    field,
                    "has {{" + unknown + "}}; known is {{.event}} with a path, as {{.event.a.b}}"));
  }

  /**
   * @param field named by the 400 that it fails with when the result is too long
   */
  static String render(String field, String text, Event event) {
    Matcher marker = MARKER.matcher(text);
    StringBuilder result = new StringBuilder();
    while (marker.find()) {
      Matcher reference = REFERENCE.matcher(marker.group(1));
      String value = reference.matches() ? value(event, reference.group(1)) : marker.group();
      marker.appendReplacement(result, Matcher.quoteReplacement(value));
      requireShort(field, result.length());
    }
    marker.appendTail(result);
    requireShort(field, result.length());
    return result.toString();
  }

  private static void requireShort(String field, int length) {
    if (length > LONGEST) {
      throw ApiException.invalid(
          field, "with the event put in, it is longer than " + LONGEST + " characters");
    }
  }

  private static String value(Event event, String path) {
    if (path.isEmpty()) {
      return event.text();
    }
    JsonNode at = event.json();
    for (String step : path.substring(1).split("\\.", -1)) {
      at =
          at.isArray() && INDEX.matcher(step).matches()
              ? at.path(Integer.parseInt(step))
              : at.path(step);
    }
    if (at.isMissingNode() || at.isNull()) {
      return "";
    }
    return at.isTextual() ? at.textValue() : at.toString();
  }
}
