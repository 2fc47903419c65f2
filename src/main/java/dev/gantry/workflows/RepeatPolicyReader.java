package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Precondition;
import dev.gantry.workflows.WorkflowDefinition.RepeatPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Reads {@code repeatPolicy}. */
final class RepeatPolicyReader {
  static final Keys KEYS =
      Keys.of(
          "repeat",
          "intervalSec",
          "limit",
          "exitCode",
          "exitCodes",
          "condition",
          "expected",
          "negate");

  private static final Set<String> WAYS = Set.of("true", "false", "while", "until");
  private static final int MOST_RUNS = 10_000;
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Fields fields;

  private RepeatPolicyReader(Fields fields) {
    this.fields = fields;
  }

  /** Null when the step runs once. */
  static RepeatPolicy read(Field field) {
    return field == null ? null : new RepeatPolicyReader(Fields.of(field, KEYS)).policy();
  }

  private RepeatPolicy policy() {
    List<Integer> exitCodes =
        RetryPolicyReader.exitCodes(fields.get(fields.oneOf("exitCode", "exitCodes")));
    Precondition condition = condition(exitCodes);
    String repeat = repeat(!exitCodes.isEmpty() || condition != null);
    return "false".equals(repeat)
        ? null
        : new RepeatPolicy(
            "until".equals(repeat),
            exitCodes,
            condition,
            fields.has("intervalSec") ? fields.duration("intervalSec") : INTERVAL,
            fields.has("limit") ? fields.get("limit").integer(1, MOST_RUNS) : 0);
  }

  private Precondition condition(List<Integer> exitCodes) {
    if (!fields.has("condition")) {
      if (fields.has("expected")) {
        fields.fault("expected", "goes with a condition");
      }
      return null;
    }
    if (!exitCodes.isEmpty()) {
      fields.fault("condition", "give either condition or exitCode");
    }
    return PreconditionReader.read(fields);
  }

  /**
   * {@code while}, {@code until} or {@code false}.
   *
   * @param ruled there is an exit code or a condition that says when
   */
  private String repeat(boolean ruled) {
    String text = fields.has("repeat") ? fields.text("repeat") : String.valueOf(ruled);
    if (!fields.has("repeat") && !ruled) {
      fields.fault("does not say when: give repeat: true, exitCode or condition");
    } else if (text != null && !WAYS.contains(text)) {
      fields.fault("repeat", "must be true, false, while or until, not " + Quoted.quote(text));
    } else if ("until".equals(text) && !ruled) {
      fields.fault("repeat", "'until' needs a condition or an exitCode");
    }
    // As it is usually meant: until something is as expected, while a code says so.
    return "true".equals(text) ? fields.has("expected") ? "until" : "while" : text;
  }
}
