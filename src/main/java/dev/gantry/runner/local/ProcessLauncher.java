package dev.gantry.runner.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts programs so that they outlive the runner: in a session of their own when the host has
 * {@code setsid}, output into files, under a shell that writes down its process id before and the
 * exit code after. May block for about a millisecond.
 */
final class ProcessLauncher {
  /**
   * The claim is exclusive, so a second start of an attempt runs nothing. The traps let the shell
   * live on to see a terminated program's exit code; in the program they are at their defaults. At
   * the end what the program left behind in its group is terminated, as it would be in a container.
   */
  private static final String SUPERVISOR =
      """
      trap : TERM INT HUP QUIT
      attempt=$1 group=$2
      shift 2
      set -C
      { echo $$ >"$attempt/pid"; } 2>/dev/null || exit 125
      set +C
      RUN
      code=$?
      echo $code >"$attempt/exit"
      if [ "$group" = own ]; then
        trap '' TERM
        kill -TERM 0
      fi
      exit $code
      """;

  /**
   * The same with pipes instead of files, for programs that open their output by name: a file would
   * be cut off by that. What copies the output ends with the program's group.
   */
  private static final String PIPED_SUPERVISOR =
      """
      trap : TERM INT HUP QUIT
      attempt=$1 group=$2
      shift 2
      set -C
      { echo $$ >"$attempt/pid"; } 2>/dev/null || exit 125
      set +C
      supervise() {
        trap : TERM INT HUP QUIT
        RUN
        echo $? >"$attempt/code"
        if [ "$group" = own ]; then
          trap '' TERM
          kill -TERM 0
        fi
      }
      copy() {
        trap '' TERM INT HUP QUIT
        exec cat
      }
      {
        trap : TERM INT HUP QUIT
        supervise "$@" 2>&1 >&3 3>&- | copy >>"$attempt/err" 3>&-
      } 3>&1 | copy >>"$attempt/out"
      read -r code <"$attempt/code" || exit 137
      echo $code >"$attempt/exit"
      exit $code
      """;

  private static final String PROGRAM = "(unset attempt group; exec \"$@\")";

  /** A fork that reads the script saves the shell of its own, which costs as much as all else. */
  private static final String SOURCED = "(unset attempt group; set --; . \"$0\")";

  private static final File NOTHING = new File("/dev/null");
  private static final List<String> OUTPUT_BY_NAME =
      List.of("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd");

  private final Optional<String> setsid = find("setsid");

  private static Optional<String> find(String program) {
    return Stream.of("/usr/bin/", "/bin/", "/usr/local/bin/")
        .map(directory -> directory + program)
        .filter(path -> new File(path).canExecute())
        .findFirst();
  }

  /** Whether programs get a process group of their own, led by the process that is started. */
  boolean groups() {
    return setsid.isPresent();
  }

  /**
   * Starts the program; its directory must be prepared.
   *
   * @throws IOException when the host refuses
   */
  Process start(Launch launch, AttemptDirectory attempt) throws IOException {
    if (launch.script() != null) {
      write(attempt.script(), launch.script());
    }
    ProcessBuilder builder = new ProcessBuilder(command(launch, attempt));
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    return builder
        .directory(launch.directory().path().toFile())
        .redirectInput(NOTHING)
        .redirectOutput(Redirect.appendTo(attempt.out()))
        .redirectError(Redirect.appendTo(attempt.err()))
        .start();
  }

  private List<String> command(Launch launch, AttemptDirectory attempt) {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.addAll(List.of("/bin/sh", "-c", supervisor(launch), attempt.script().toString()));
    command.addAll(List.of(attempt.path().toString(), groups() ? "own" : "shared"));
    command.addAll(launch.argv());
    return command;
  }

  private static String supervisor(Launch launch) {
    return (opensOutput(launch) ? PIPED_SUPERVISOR : SUPERVISOR)
        .replace("RUN", launch.isForAnyShell() ? SOURCED : PROGRAM);
  }

  private static boolean opensOutput(Launch launch) {
    return OUTPUT_BY_NAME.stream().anyMatch(launch::mentions);
  }

  /** Readable to nobody else, and executable for a {@code shell} such as {@code bash -c}. */
  private static void write(Path file, String script) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(file, privateToOwner());
      Files.writeString(file, script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileAttribute<?>[] privateToOwner() {
    Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
