package dev.gantry.platform.log;

/** Texts as a log line shows them. Pure code. */
final class Visible {
  private Visible() {}

  static boolean isPlain(String text) {
    return text.chars().allMatch(Visible::isPlain);
  }

  /** With each control character as Java writes it: {@code \n}, {@code \u001b}. */
  static String text(String text) {
    StringBuilder shown = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        shown.append(c);
      } else {
        shown.append(escape(c));
      }
    }
    return shown.toString();
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      default -> "\\u%04x".formatted((int) c);
    };
  }

  /** Also false for what reorders or hides text on a terminal, or ends a line on some. */
  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\t';
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }
}
