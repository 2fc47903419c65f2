package dev.gantry.workflows;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * What a text is compared with: another text, or {@code re:} and a regular expression. The
 * expressions are RE2's, which take time linear in the text whatever a definition holds. Pure code.
 */
public final class TextPattern {
  private static final String EXPRESSION = "re:";

  private TextPattern() {}

  /** Whether the text holds {@code wanted}, or the expression finds something in it. */
  public static boolean isIn(String text, String wanted) {
    return isExpression(wanted) ? finds(text, wanted) : text.contains(wanted);
  }

  /** Whether the text is {@code wanted}, or the expression finds something in it. */
  static boolean is(String text, String wanted) {
    return isExpression(wanted) ? finds(text, wanted) : text.equals(wanted);
  }

  static boolean isExpression(String wanted) {
    return wanted.startsWith(EXPRESSION);
  }

  private static boolean finds(String text, String wanted) {
    return Pattern.compile(wanted.substring(EXPRESSION.length())).matcher(text).find();
  }

  /** A fault of the field when it is a malformed expression. */
  static void check(Field field) {
    if (!(field.value() instanceof Value.Scalar scalar) || !isExpression(scalar.text())) {
      return;
    }
    try {
      Pattern.compile(scalar.text().substring(EXPRESSION.length()));
    } catch (PatternSyntaxException malformed) {
      field.fault("not a regular expression: " + Quoted.shown(malformed.getDescription()));
    }
  }
}
