package dev.gantry.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.resources.Fields;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create and of an update. A field that is absent, or null, keeps what there is; an
 * empty configuration or set of secrets takes it away.
 *
 * @param secrets names of secrets, by variable
 */
record IntegrationRequest(
    @Schema(maxLength = 255) String name,
    @Schema(maxLength = 255) String type,
    @Schema(enumeration = {"active", "inactive"}) String status,
    ObjectNode configuration,
    @Schema(description = "Names of secrets, by the variable that is to hold the value")
        Map<String, String> secrets) {
  static final int MAX_LINE = 255;
  private static final int MAX_CONFIGURATION_BYTES = 64 << 10;
  private static final int MAX_NESTING = 32;

  /** What is wrong with the fields by themselves. */
  void check(Fields fields) {
    fields
        .line("name", name, MAX_LINE)
        .line("type", type, MAX_LINE)
        .oneOf("status", status, Integration.STATUSES);
    checkConfiguration(fields);
    fields.variables("secrets", secrets);
  }

  private void checkConfiguration(Fields fields) {
    if (configuration == null) {
      return;
    }
    // Nesting first: what is too deep to be walked is not written out either.
    if (!isNestedUpTo(MAX_NESTING, configuration)) {
      fields.fault("configuration", "must be nested at most " + MAX_NESTING + " levels deep");
    } else if (!isFinite(configuration)) {
      fields.fault("configuration", "must not have numbers beyond those of a double");
    } else {
      fields.text("configuration", configuration.toString(), MAX_CONFIGURATION_BYTES);
    }
  }

  private static boolean isNestedUpTo(int levels, JsonNode node) {
    if (!node.isContainerNode()) {
      return true;
    }
    if (levels == 0) {
      return false;
    }
    for (JsonNode child : node) {
      if (!isNestedUpTo(levels - 1, child)) {
        return false;
      }
    }
    return true;
  }

  /** What is not would be shown as a text. */
  private static boolean isFinite(JsonNode node) {
    for (JsonNode child : node) {
      if (!isFinite(child)) {
        return false;
      }
    }
    return !node.isDouble() || Double.isFinite(node.doubleValue());
  }

  void applyTo(Integration integration) {
    given(name, value -> integration.name = value);
    given(type, value -> integration.type = value);
    given(status, value -> integration.status = value);
    given(configuration, value -> integration.configuration = value);
    given(secrets, value -> integration.secrets = value);
  }

  private static <T> void given(T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }
}
