package dev.gantry.webhooks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.gantry.resources.JsonColumn;
import jakarta.persistence.Converter;
import java.util.Locale;
import java.util.Map;

/**
 * What a webhook starts.
 *
 * @param name of the workflow or tool; of an agent its name or id
 * @param source id or name of the source that has it; null = any
 * @param runner null = as the workflow or tool says
 * @param inputs values, each a {@link Template}: the workflow's variables or the tool's args
 */
record Target(Kind kind, String name, String source, String runner, Map<String, String> inputs) {
  enum Kind {
    AGENT,
    WORKFLOW,
    TOOL;

    /** The field of a request that names it, and what it is called. */
    String field() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The name when it is of this kind, else null. */
  @JsonIgnore
  String nameIf(Kind wanted) {
    return kind == wanted ? name : null;
  }

  /** Keeps the target as JSON. */
  @Converter
  public static final class InColumn extends JsonColumn<Target> {
    public InColumn() {
      super(new TypeReference<>() {});
    }
  }
}
