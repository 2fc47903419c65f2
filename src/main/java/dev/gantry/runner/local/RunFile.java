package dev.gantry.runner.local;

import java.util.Map;
import java.util.stream.Collectors;

/** What a supervisor's fork does to become the program of a {@link Launch}, in shell; pure. */
final class RunFile {
  private RunFile() {}

  /**
   * Some variables cannot be set in some shells; those are passed over, and no other. A script that
   * would not notice is read by the fork itself: a shell of its own costs as much as all else.
   */
  static String of(Launch launch) {
    StringBuilder text = new StringBuilder();
    text.append("unset gantry_group gantry_how gantry_attempt gantry_code\n");
    text.append("cd ").append(quoted(launch.directory().path().toString()));
    text.append(" || exit 126\nunset OLDPWD\nset --\n");
    text.append("{\n").append(exports(launch.environment())).append("} 2>/dev/null\n");
    if (launch.isForAnyShell()) {
      return text.append(". ").append(quoted(launch.argv().get(1))).append('\n').toString();
    }
    String words = launch.argv().stream().map(RunFile::quoted).collect(Collectors.joining(" "));
    return text.append("exec ").append(words).append('\n').toString();
  }

  private static String exports(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(variable -> "command export " + variable.getKey() + "=" + quoted(variable.getValue()))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
