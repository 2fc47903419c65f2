package dev.gantry.executions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The items that a step is run for, by what is known when it begins. Pure code. */
final class Items {
  private static final ObjectReader JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();
  private static final int MOST = 10_000;

  private Items() {}

  /**
   * Fails with {@link IllegalArgumentException}, whose message is a sentence, when the text becomes
   * no list, or one that is too long.
   */
  static List<String> of(Action.Parallel parallel, Map<String, String> variables) {
    List<String> items =
        parallel.items() == null
            ? parallel.list().stream().map(item -> Substitution.apply(item, variables)).toList()
            : of(Substitution.apply(parallel.items(), variables).strip(), parallel.items());
    if (items.size() > MOST) {
      throw new IllegalArgumentException(
          "there are " + items.size() + " items; a step is run for at most " + MOST);
    }
    return items;
  }

  private static List<String> of(String text, String written) {
    if (text.equals(written.strip()) && text.startsWith("${")) {
      throw new IllegalArgumentException("there is no variable for its items: " + text);
    }
    return text.startsWith("[") ? ofJson(text) : text.lines().filter(l -> !l.isBlank()).toList();
  }

  private static List<String> ofJson(String text) {
    JsonNode list;
    try {
      list = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "its items begin like a JSON list and are none: " + e.getOriginalMessage(), e);
    }
    List<String> items = new ArrayList<>();
    list.forEach(item -> items.add(item.isTextual() ? item.textValue() : item.toString()));
    return items;
  }
}
