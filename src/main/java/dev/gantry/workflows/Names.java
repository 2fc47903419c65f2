package dev.gantry.workflows;

import java.util.regex.Pattern;

/** What may be a name. */
final class Names {
  private static final int LONGEST = 255;
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,254}");

  private Names() {}

  /** Whether a variable can be called so and reach a program as an environment variable. */
  static boolean isVariable(String name) {
    return VARIABLE.matcher(name).matches();
  }

  static String faultOfVariable(String name) {
    return "not a variable's name: "
        + Quoted.quote(name)
        + ", take letters, digits, '_', '-' and '.', a letter or '_' first";
  }

  /** What is wrong with the name of a workflow, a step or a tool; null when nothing is. */
  static String faultOfName(String name) {
    if (name.isBlank()) {
      return "must not be blank";
    }
    if (name.length() > LONGEST) {
      return "must not be longer than " + LONGEST + " characters";
    }
    // A name goes into log lines and terminals, where a line break would forge another line.
    return name.chars().anyMatch(Character::isISOControl)
        ? "must not hold control characters: " + Quoted.quote(name)
        : null;
  }
}
