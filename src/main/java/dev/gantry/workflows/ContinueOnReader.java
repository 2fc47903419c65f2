package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import java.util.List;

/** Reads {@code continueOn}: a map, or in short {@code failed} or {@code skipped}. */
final class ContinueOnReader {
  static final Keys KEYS =
      Keys.of("failure", "failed", "skipped", "exitCode", "exitCodes", "output", "markSuccess");

  private ContinueOnReader() {}

  static ContinueOn read(Field field) {
    if (field == null) {
      return ContinueOn.NEVER;
    }
    return field.value() instanceof Value.Mapping ? full(field) : inShort(field);
  }

  private static ContinueOn full(Field field) {
    Fields fields = Fields.of(field, KEYS);
    return new ContinueOn(
        fields.flag(fields.oneOf("failure", "failed")),
        fields.flag("skipped"),
        RetryPolicyReader.exitCodes(fields.get(fields.oneOf("exitCode", "exitCodes"))),
        output(fields.get("output")),
        fields.flag("markSuccess"));
  }

  private static ContinueOn inShort(Field field) {
    boolean failure = false;
    boolean skipped = false;
    for (Field each : field.oneOrMore()) {
      String text = each.text();
      switch (text == null ? "" : text) {
        case "failed", "failure" -> failure = true;
        case "skipped" -> skipped = true;
        default -> {
          if (text != null) {
            each.fault("must be failed, skipped or a map, not " + Quoted.quote(text));
          }
        }
      }
    }
    return new ContinueOn(failure, skipped, List.of(), List.of(), false);
  }

  private static List<String> output(Field output) {
    if (output == null) {
      return List.of();
    }
    output.oneOrMore().forEach(TextPattern::check);
    return output.texts();
  }
}
