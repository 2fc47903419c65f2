package dev.gantry.runners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.resources.Fields;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * What a runner's configuration may hold, by its type. Every key is known and every value has its
 * form, so that a misspelt one is heard of at once and not by the first step. Not for more than one
 * thread.
 */
final class ConfigurationChecks {
  private static final int MAX_ENTRIES = 100;
  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NETWORK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  private static final Pattern LABEL =
      Pattern.compile("([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");

  private final Fields fields;
  private final Map<RunnerType, Keys> known;

  /** How each key's value is checked; given its place and itself. */
  private static final class Keys extends TreeMap<String, BiConsumer<String, JsonNode>> {
    private static final long serialVersionUID = 1;

    Keys key(String name, BiConsumer<String, JsonNode> check) {
      put(name, check);
      return this;
    }
  }

  ConfigurationChecks(Fields fields) {
    this.fields = fields;
    this.known =
        Map.of(
            RunnerType.KUBERNETES,
            kubernetes(),
            RunnerType.DOCKER,
            docker(),
            RunnerType.LOCAL,
            keys());
  }

  private static Keys keys() {
    return new Keys();
  }

  private Keys kubernetes() {
    return keys()
        .key("kubernetes_namespace", text(NAMESPACE, "must be a name that a namespace may have"))
        .key("image_pull_policy", oneOf(PULL_POLICIES))
        .key("image_pull_secrets", each(name()))
        .key("node_selector", this::labels)
        .key("tolerations", each(object(toleration())))
        .key("service_account", name())
        .key("pod_security", oneOf(List.of("restricted", "baseline")))
        .key("resources", object(keys().key("requests", amounts()).key("limits", amounts())))
        .key("allowed_volumes", each(name()));
  }

  private Keys docker() {
    return keys()
        .key("network", text(NETWORK, "must be a name that a network may have"))
        .key("image_pull_policy", oneOf(PULL_POLICIES))
        .key("limits", object(keys().key("cpu", this::quantity).key("memory", this::quantity)));
  }

  private Keys toleration() {
    return keys()
        .key("key", text(LABEL, "must be a name that a taint may have"))
        .key("operator", oneOf(List.of("Exists", "Equal")))
        .key("value", text(LABEL_VALUE, "must be a value that a taint may have"))
        .key("effect", oneOf(EFFECTS))
        .key("toleration_seconds", this::seconds);
  }

  private BiConsumer<String, JsonNode> amounts() {
    return object(
        keys()
            .key("cpu", this::quantity)
            .key("memory", this::quantity)
            .key("ephemeral-storage", this::quantity));
  }

  /** Adds a fault for each key that the type does not know, and each value that is not right. */
  void check(RunnerType type, ObjectNode configuration) {
    object(known.get(type)).accept("configuration", configuration);
  }

  private BiConsumer<String, JsonNode> object(Keys keys) {
    return (place, value) -> {
      if (!value.isObject()) {
        fields.fault(place, "must be an object");
        return;
      }
      value.properties().forEach(entry -> entry(keys, place, entry.getKey(), entry.getValue()));
    };
  }

  private void entry(Keys keys, String place, String key, JsonNode value) {
    BiConsumer<String, JsonNode> check = keys.get(key);
    if (check != null) {
      check.accept(place + "." + key, value);
    } else {
      fields.fault(
          place + "." + key,
          keys.isEmpty()
              ? "is not known; this type of runner takes no configuration"
              : "is not known; there is: " + String.join(", ", keys.keySet()));
    }
  }

  private BiConsumer<String, JsonNode> each(BiConsumer<String, JsonNode> check) {
    return (place, value) -> {
      if (!value.isArray() || value.size() > MAX_ENTRIES) {
        fields.fault(place, "must be a list of at most " + MAX_ENTRIES + " entries");
        return;
      }
      for (int i = 0; i < value.size(); i++) {
        check.accept(place + "[" + i + "]", value.get(i));
      }
    };
  }

  private BiConsumer<String, JsonNode> name() {
    return text(NAME, "must be a name that an object of Kubernetes may have");
  }

  private BiConsumer<String, JsonNode> text(Pattern form, String error) {
    return (place, value) -> {
      if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
        fields.fault(place, error);
      }
    };
  }

  private BiConsumer<String, JsonNode> oneOf(List<String> there) {
    return (place, value) -> {
      if (!value.isTextual() || !there.contains(value.textValue())) {
        fields.fault(place, "must be one of " + String.join(", ", there));
      }
    };
  }

  private void labels(String place, JsonNode value) {
    if (!value.isObject() || value.size() > MAX_ENTRIES) {
      fields.fault(place, "must be an object of at most " + MAX_ENTRIES + " labels");
      return;
    }
    value
        .properties()
        .forEach(
            label -> {
              JsonNode text = label.getValue();
              if (!LABEL.matcher(label.getKey()).matches()
                  || !text.isTextual()
                  || !LABEL_VALUE.matcher(text.textValue()).matches()) {
                fields.fault(place + "." + label.getKey(), "must be a label, with a text as value");
              }
            });
  }

  private void seconds(String place, JsonNode value) {
    if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 0) {
      fields.fault(place, "must be a number of seconds");
    }
  }

  private void quantity(String place, JsonNode value) {
    if (!value.isTextual() || !isQuantity(value.textValue())) {
      fields.fault(place, "must be a quantity as text, as \"500m\", \"2\" or \"8Gi\"");
    }
  }

  private static boolean isQuantity(String text) {
    try {
      return text.length() <= 30
          && Quantity.getAmountInBytes(Quantity.parse(text)).compareTo(BigDecimal.ZERO) > 0;
    } catch (IllegalArgumentException | ArithmeticException notOne) {
      return false;
    }
  }
}
