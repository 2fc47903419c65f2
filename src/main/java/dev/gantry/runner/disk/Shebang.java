package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The interpreter that a script names in its first line. Read here and not by the kernel, which
 * refuses to execute a file that some other child, just being forked, still has open for writing.
 */
public final class Shebang {
  public static final String SHELL = "/bin/sh";

  private static final List<String> DEFAULT = List.of(SHELL);

  private Shebang() {}

  /**
   * What runs a step's script.
   *
   * @param file where the script lies
   */
  public static List<String> argv(StepSpec step, String script, String file) {
    List<String> argv = new ArrayList<>();
    if (step.shell() == null || step.shell().isEmpty()) {
      argv.addAll(of(script));
    } else {
      argv.addAll(step.shell());
    }
    argv.add(file);
    return argv;
  }

  /** The interpreter and at most one argument, as the kernel would have it; {@code /bin/sh}. */
  public static List<String> of(String script) {
    if (!script.startsWith("#!")) {
      return DEFAULT;
    }
    String line = script.substring(2).lines().findFirst().orElse("").strip();
    return line.isEmpty() ? DEFAULT : List.of(line.split("[ \t]+", 2));
  }
}
