package dev.gantry.runner.disk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of variables, as tools with {@code .env} files write it: lines of {@code NAME=value},
 * which may begin with {@code export}; a value in single quotes is what it is, one in double quotes
 * may hold {@code \n}, {@code \t}, {@code \"}, {@code \\} and {@code \$}, and any other ends before
 * {@code " #"}. It is data: nothing is put in or run. Pure code.
 */
public final class EnvFile {
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*"
              + "(?:'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|((?!['\"])(?:(?!\\s#).)*))"
              + "\\s*(?:#.*)?");
  private static final Pattern EMPTY = Pattern.compile("\\s*(?:#.*)?");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

  private EnvFile() {}

  /**
   * In the order of the lines; fails with {@link IllegalArgumentException}, which names the line.
   */
  public static Map<String, String> read(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        variables.put(parts.group(1), value(parts));
      } else if (!EMPTY.matcher(line).matches()) {
        throw new IllegalArgumentException("line " + number + " is not NAME=value");
      }
    }
    return variables;
  }

  private static String value(Matcher parts) {
    if (parts.group(2) != null) {
      return parts.group(2);
    }
    return parts.group(3) == null ? parts.group(4).strip() : unescaped(parts.group(3));
  }

  private static String unescaped(String quoted) {
    return ESCAPE
        .matcher(quoted)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    switch (escape.group(1)) {
                      case "n" -> "\n";
                      case "t" -> "\t";
                      case "\"", "\\", "$" -> escape.group(1);
                      default -> escape.group();
                    }));
  }
}
