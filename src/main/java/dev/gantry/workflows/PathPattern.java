package dev.gantry.workflows;

import com.google.re2j.Pattern;

/**
 * A pattern of paths, as GitHub and git have them: {@code *} stands for any characters but a slash,
 * {@code **} for any directories, {@code ?} for one character but a slash. What names a directory
 * stands for all that is in it. Takes time linear in the path. Pure code.
 */
public final class PathPattern {
  private final Pattern pattern;
  private final String base;

  private PathPattern(Pattern pattern, String base) {
    this.pattern = pattern;
    this.base = base;
  }

  /**
   * @param text a relative path with slashes
   */
  public static PathPattern of(String text) {
    StringBuilder expression = new StringBuilder();
    String path = text.replaceAll("^(\\./)+|(?<=[^/])/+$", "");
    int at = 0;
    while (at < path.length()) {
      at = append(path, at, expression);
    }
    return new PathPattern(Pattern.compile("(?s)" + expression + "(/.*)?"), base(path));
  }

  /** What stands before the first part that is not plain. */
  private static String base(String path) {
    int wild = 0;
    while (wild < path.length() && path.charAt(wild) != '*' && path.charAt(wild) != '?') {
      wild++;
    }
    return wild == path.length() ? path : path.substring(0, path.lastIndexOf('/', wild) + 1);
  }

  /** The file or directory that all files that are meant are or lie in; empty = any. */
  public String base() {
    return base;
  }

  /** Whether a file is meant. */
  public boolean matches(String path) {
    return pattern.matches(path);
  }

  /** Answers where what was appended ends. */
  private static int append(String text, int at, StringBuilder expression) {
    if (text.startsWith("**/", at)) {
      expression.append("(.*/)?");
      return at + 3;
    }
    if (text.startsWith("**", at)) {
      expression.append(".*");
      return at + 2;
    }
    switch (text.charAt(at)) {
      case '*' -> expression.append("[^/]*");
      case '?' -> expression.append("[^/]");
      default -> {
        int end = text.offsetByCodePoints(at, 1);
        expression.append(Pattern.quote(text.substring(at, end)));
        return end;
      }
    }
    return at + 1;
  }
}
