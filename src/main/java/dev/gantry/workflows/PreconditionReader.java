package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Precondition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code preconditions}: one or a list of them, each a map or an expression in short. */
final class PreconditionReader {
  static final Keys KEYS = Keys.of("condition", "expected", "negate");

  private static final Pattern COMPARISON = Pattern.compile("(?s)(.*?)\\s(==|!=)\\s(.*)");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{[^{}]+}|\\{\\{ *\\.[^{}]+}}|(?i:true|false)");
  private static final String COMPARES_NOTHING =
      "holds no variable, as ${VAR}; a command is run by a step only";

  private static final Pattern QUOTED = Pattern.compile("(?s)\"[^\"]*\"|'[^']*'");

  private PreconditionReader() {}

  static List<Precondition> read(Field field) {
    if (field == null) {
      return List.of();
    }
    boolean several = field.value() instanceof Value.Sequence;
    List<Precondition> all = new ArrayList<>();
    (several ? field.items() : List.of(field)).forEach(each -> all.add(one(each)));
    return List.copyOf(all);
  }

  private static Precondition one(Field field) {
    if (field.value() instanceof Value.Mapping) {
      return read(Fields.of(field, KEYS));
    }
    String text = field.text();
    Matcher comparison = COMPARISON.matcher(text == null ? "" : text);
    if (comparison.matches()) {
      return new Precondition(
          bare(comparison.group(1)), bare(comparison.group(3)), "!=".equals(comparison.group(2)));
    }
    return new Precondition(yes(field), null, false);
  }

  /** The map's condition, which must be there. */
  static Precondition read(Fields fields) {
    if (!fields.has("condition")) {
      fields.missing("condition");
      return new Precondition("", null, false);
    }
    String expected = fields.text("expected");
    if (expected != null) {
      TextPattern.check(fields.get("expected"));
    }
    Field condition = fields.get("condition");
    String text = expected == null ? yes(condition) : condition.text();
    if (expected != null && text != null && !Substitution.isIn(text + expected)) {
      condition.fault(COMPARES_NOTHING);
    }
    return new Precondition(text, expected, fields.flag("negate"));
  }

  /** A condition that is to say yes by itself: what is not compared can only be a variable. */
  private static String yes(Field field) {
    String text = field.text();
    if (text != null && !VARIABLE.matcher(text.strip()).matches()) {
      field.fault(
          "is no condition: write ${VAR}, ${VAR} == text, ${VAR} != text, or a map of condition and"
              + " expected; a command is run by a step only");
    }
    return text == null ? "" : text.strip();
  }

  private static String bare(String side) {
    String text = side.strip();
    return QUOTED.matcher(text).matches() ? text.substring(1, text.length() - 1) : text;
  }
}
