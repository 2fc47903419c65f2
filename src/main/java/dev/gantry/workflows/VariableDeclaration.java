package dev.gantry.workflows;

import java.util.Set;

/** What a workflow's parameter and a tool's argument are declared with alike. */
final class VariableDeclaration {
  private VariableDeclaration() {}

  /** The name, added to {@code taken}; null after a fault. */
  static String name(Fields fields, Set<String> taken) {
    if (!fields.has("name")) {
      fields.missing("name");
      return null;
    }
    String name = fields.get("name").variable();
    if (name != null && !taken.add(name)) {
      fields.fault("name", Quoted.quote(name) + " stands here twice");
    }
    return name;
  }

  static ValueType type(Fields fields) {
    String name = fields.text("type");
    if (name == null) {
      return ValueType.STRING;
    }
    return ValueType.named(name)
        .orElseGet(
            () -> {
              fields.fault(
                  "type",
                  "unknown type "
                      + Quoted.quote(name)
                      + ", take string, integer, number, boolean, array or object");
              return ValueType.STRING;
            });
  }

  /** The default, or null when there is none. */
  static String value(Fields fields, ValueType type) {
    String value = fields.text("default");
    if (value != null && !Substitution.isIn(value) && !type.takes(value)) {
      fields.fault("default", type.refusal(value));
    }
    return value;
  }
}
