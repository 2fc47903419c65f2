package dev.gantry.workflows;

/** A stranger's text in a message: short, on one line, without control characters. */
final class Quoted {
  private static final int LONGEST = 80;

  private Quoted() {}

  /** {@code 'text'}. */
  static String quote(String text) {
    return "'" + shown(text) + "'";
  }

  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      shown.append(isPlain(c) ? c : '\uFFFD');
    }
    return end < text.length() ? shown.append('…').toString() : shown.toString();
  }

  /** Also false for what reorders or hides text on a terminal. */
  private static boolean isPlain(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
