package dev.gantry.runner.local;

import java.util.List;

/**
 * The interpreter that a script names in its first line. Read here and not by the kernel, which
 * refuses to execute a file that some other child, just being forked, still has open for writing.
 */
public final class Shebang {
  static final String SHELL = "/bin/sh";

  private static final List<String> DEFAULT = List.of(SHELL);

  private Shebang() {}

  /** The interpreter and at most one argument, as the kernel would have it; {@code /bin/sh}. */
  public static List<String> of(String script) {
    if (!script.startsWith("#!")) {
      return DEFAULT;
    }
    String line = script.substring(2).lines().findFirst().orElse("").strip();
    return line.isEmpty() ? DEFAULT : List.of(line.split("[ \t]+", 2));
  }
}
