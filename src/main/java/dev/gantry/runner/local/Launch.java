package dev.gantry.runner.local;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.disk.AttemptEnvironment;
import dev.gantry.runner.disk.Shebang;
import dev.gantry.runner.disk.WorkingDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What exactly is to be executed for a request; pure, so the same after a restart.
 *
 * @param argv the program and its arguments
 * @param script what is to be in the script file, or null
 * @param notes what the runner has to say in the attempt's log before all else
 */
record Launch(
    List<String> argv,
    String script,
    WorkingDirectory directory,
    Map<String, String> environment,
    List<String> notes) {

  /** In a fork of a shell, these are about the shell that was forked. */
  private static final List<String> ASKS_FOR_ITS_SHELL =
      List.of("$$", "${$", "$0", "${0", "PPID", "kill", "eval", ". ");

  /**
   * @param scriptFile where the script will lie
   * @throws IllegalArgumentException when it cannot be run as it is written; the message says why
   */
  static Launch of(
      AttemptRequest request, Path scriptFile, Path work, Map<String, String> hostEnvironment) {
    StepSpec step = request.step();
    refuseContainer(step.container());
    List<String> notes = new ArrayList<>();
    if (step.image() != null && !step.image().isBlank()) {
      notes.add(
          "image "
              + request.filled(step.image())
              + " ignored: the local backend runs host processes");
    }
    if (request.grants().cluster()) {
      notes.add("kubernetes/incluster ignored: the local backend runs in no cluster");
    }
    String script = request.filled(step.script());
    return new Launch(
        script == null ? arguments(request) : Shebang.argv(step, script, scriptFile.toString()),
        script,
        WorkingDirectory.of(request.filled(step.dir()), work),
        AttemptEnvironment.of(request, hostEnvironment, notes),
        notes);
  }

  private static void refuseContainer(ContainerSpec wanted) {
    if (wanted != null && !wanted.keys().isEmpty()) {
      throw new IllegalArgumentException(
          "the tool asks for "
              + String.join(", ", wanted.keys())
              + ", which needs containers: the local backend runs host processes, take a runner on"
              + " Kubernetes");
    }
  }

  /** Whether it is a script for {@code /bin/sh} that would not notice if it had to share one. */
  boolean isForAnyShell() {
    return script != null
        && argv.size() == 2
        && argv.get(0).equals(Shebang.SHELL)
        && ASKS_FOR_ITS_SHELL.stream().noneMatch(script::contains)
        && !environment.containsKey("IFS");
  }

  boolean mentions(String text) {
    boolean inScript = script != null && script.contains(text);
    return inScript || argv.stream().anyMatch(word -> word.contains(text));
  }

  private static List<String> arguments(AttemptRequest request) {
    StepSpec step = request.step();
    if (step.argv() == null || step.argv().isEmpty()) {
      throw new IllegalArgumentException("the step names neither a program nor a script");
    }
    return step.argv().stream().map(request::filled).toList();
  }
}
