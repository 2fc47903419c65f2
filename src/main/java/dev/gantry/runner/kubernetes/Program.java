package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.container.Places;
import dev.gantry.runner.disk.Shebang;
import dev.gantry.runner.kubernetes.Texts.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the step's container runs. Pure code.
 *
 * @param command as it is, nothing is put in any more
 * @param files annotations of the pod that its container sees as files
 * @param mark the {@link Wrapper}'s, or null
 */
record Program(List<String> command, Map<String, String> files, String mark) {
  static final String SCRIPT = "gantry.dev/script";
  static final String WRAPPER = "gantry.dev/wrapper";

  /** A pod may have 256 KiB of annotations in all. */
  private static final int LONGEST_SCRIPT = 128 << 10;

  /** Far below what an object may be, and above what a program of Linux takes as one argument. */
  private static final int LONGEST_COMMAND = 256 << 10;

  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "ksh", "zsh");

  private static final String SCRIPT_FILE = PodPlaces.STEP.resolve("script").toString();
  private static final String WRAPPER_FILE = PodPlaces.STEP.resolve("wrapper").toString();
  private static final Path ATTACHED_SCRIPT = Places.OWN.resolve("script");

  /**
   * @param dir the working directory
   * @param marks makes a mark
   * @throws IllegalArgumentException when it cannot be run as it is written
   */
  static Program of(
      StepSpec step,
      Texts texts,
      Path dir,
      Attachment attachment,
      Mounts mounts,
      Supplier<String> marks) {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> program =
        step.script() == null
            ? arguments(step, texts)
            : interpreted(step, texts.script(step.script()), attachment, mounts, files);
    Wrapper wrapper = wrapper(step, texts, dir, marks);
    if (wrapper == null) {
      return new Program(isShell(program) ? joined(program) : program, files, null);
    }
    files.put(WRAPPER, Wrapper.SHELL);
    mounts.empty("output", PodPlaces.OUTPUT);
    return new Program(
        wrapper.around(program, WRAPPER_FILE),
        files,
        wrapper.mark().isEmpty() ? null : wrapper.mark());
  }

  private static boolean isShell(List<String> program) {
    return SHELLS.contains(program.get(0).replaceFirst(".*/", ""));
  }

  /**
   * With standard error going where standard output goes. A container's runtime reads the two side
   * by side, so that lines change places, and the kubelet puts the last line of one, when it has no
   * end, before a line of the other.
   */
  private static List<String> joined(List<String> program) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program.get(0), "-c", "exec \"$@\" 2>&1", "sh"));
    command.addAll(program);
    return command;
  }

  private static List<String> arguments(StepSpec step, Texts texts) {
    if (step.argv() == null || step.argv().isEmpty()) {
      throw new IllegalArgumentException("the step names neither a program nor a script");
    }
    List<String> words =
        step.argv().stream().map(word -> texts.visible("an argument", word)).toList();
    long bytes = words.stream().mapToLong(word -> bytes(word) + 1L).sum();
    if (bytes > LONGEST_COMMAND) {
      throw new IllegalArgumentException(
          "the arguments are "
              + bytes
              + " bytes; on Kubernetes they may be "
              + LONGEST_COMMAND
              + ": hand them over in a script or in a file");
    }
    return words;
  }

  private static List<String> interpreted(
      StepSpec step, Text script, Attachment attachment, Mounts mounts, Map<String, String> files) {
    List<String> command = new ArrayList<>();
    if (step.shell() == null || step.shell().isEmpty()) {
      command.addAll(Shebang.of(script.value()));
    } else {
      command.addAll(step.shell());
    }
    if (script.granted() || bytes(script.value()) > LONGEST_SCRIPT) {
      mounts.program(ATTACHED_SCRIPT, attachment.add("gantry.script", script));
      command.add(ATTACHED_SCRIPT.toString());
    } else {
      files.put(SCRIPT, script.value());
      command.add(SCRIPT_FILE);
    }
    return command;
  }

  /** Null when there is nothing for one to do. */
  private static Wrapper wrapper(StepSpec step, Texts texts, Path dir, Supplier<String> marks) {
    String stdout = file("stdout", texts.visible("stdout", step.stdout()), dir);
    String stderr = file("stderr", texts.visible("stderr", step.stderr()), dir);
    String signal = signal(step);
    boolean shell = step.script() != null;
    if (!shell && !(stdout + stderr).isEmpty()) {
      throw new IllegalArgumentException(
          "stdout and stderr need a shell on Kubernetes: give the step a script, or a command line");
    }
    if (!shell && !signal.equals("TERM")) {
      throw new IllegalArgumentException(
          "signalOnStop needs a shell on Kubernetes: give the step a script, or a command line");
    }
    // The texts of a tool that is executed by itself are literal, and its output is its result.
    boolean output = shell && (step.output() != null || step.literal());
    return output || !(stdout + stderr).isEmpty() || !signal.equals("TERM")
        ? new Wrapper(
            PodPlaces.OUTPUT.toString(), output ? marks.get() : "", signal, stdout, stderr)
        : null;
  }

  private static String file(String what, String path, Path dir) {
    return path == null || path.isBlank() ? "" : Places.inside(what, dir, path).toString();
  }

  private static String signal(StepSpec step) {
    String signal = step.signal() == null ? "TERM" : step.signal();
    if (!List.of("TERM", "HUP").contains(signal)) {
      throw new IllegalArgumentException(
          "signalOnStop SIG" + signal + " cannot be had on Kubernetes: take SIGTERM or SIGHUP");
    }
    return signal;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
