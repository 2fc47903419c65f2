package dev.gantry.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import io.burt.jmespath.jackson.JacksonRuntime;
import io.burt.jmespath.parser.ParseException;
import java.util.Collection;
import java.util.Map;

/**
 * JMESPath over a payload: what it finds lets the payload pass, unless that is nothing, empty or
 * false. Pure code; what an expression makes of a payload is bounded, since a few characters can
 * double it again and again.
 */
final class EventFilter {
  static final int MAX_LENGTH = 1024;

  private EventFilter() {}

  /** Adds a fault when it is no expression. */
  static void check(String field, String expression, Fields fields) {
    if (expression == null || expression.isEmpty() || expression.length() > MAX_LENGTH) {
      fields.text(field, expression, MAX_LENGTH);
      return;
    }
    try {
      new Bounded().compile(expression);
    } catch (ParseException e) {
      fields.fault(field, "is no JMESPath expression: " + e.getMessage());
    }
  }

  /** Fails with 400 when the expression cannot be applied to this payload. */
  static boolean passes(String expression, JsonNode payload) {
    if (expression.isEmpty()) {
      return true;
    }
    Bounded runtime = new Bounded();
    try {
      return runtime.isTruthy(runtime.compile(expression).search(payload));
    } catch (RuntimeException e) {
      // Functions throw whatever they like for arguments of the wrong type.
      throw ApiException.invalid("filter", "cannot be applied to the event: " + e.getMessage());
    }
  }

  /** For one search. */
  private static final class Bounded extends JacksonRuntime {
    private static final int MOST = 1_000_000;
    private int made;

    private void count(int size) {
      made += Math.min(size, MOST) + 1;
      if (made > MOST) {
        throw new IllegalStateException("it makes too much of it");
      }
    }

    @Override
    public JsonNode createArray(Collection<JsonNode> elements) {
      count(elements.size());
      return super.createArray(elements);
    }

    @Override
    public JsonNode createObject(Map<JsonNode, JsonNode> entries) {
      count(entries.size());
      return super.createObject(entries);
    }

    @Override
    public JsonNode createString(String text) {
      count(text.length());
      return super.createString(text);
    }
  }
}
