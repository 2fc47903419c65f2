package dev.gantry.runner.local;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The supervisors of a runner: started when there is no idle one, in a session of their own when
 * the host has {@code setsid}. Any thread; may block for about a millisecond.
 */
final class Supervisors implements AutoCloseable {
  private static final int MOST_IDLE = 16;

  /**
   * Reads {@code <how> <directory>} and runs the directory's {@code run}. The claim is exclusive,
   * so a second start of an attempt runs nothing. The traps let the shell live on to see a
   * terminated program's exit code; in the program they are at their defaults. At the end what the
   * program left behind in its group is terminated, as it would be in a container.
   *
   * <p>It writes down when it was begun beside its process id, as {@link SupervisorId} reads it.
   *
   * <p>With pipes instead of files for programs that open their output by name: a file would be cut
   * off by that. What copies the output ends when nobody writes it any more; signals to the group
   * are ignored before it is forked, since the program may end before it has begun to copy.
   */
  private static final String SHELL =
      """
      trap : TERM INT HUP QUIT PIPE
      gantry_group=$1
      gantry_self=$$
      if { read -r gantry_stat </proc/$$/stat &&
          read -r gantry_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null; then
        set -- ${gantry_stat##*) }
        gantry_self="$$ ${20} $gantry_boot"
      fi
      gantry_program() (
        . "$gantry_attempt/run"
      )
      gantry_end_group() {
        if [ "$gantry_group" = own ]; then
          trap '' TERM
          kill -TERM 0
        fi
      }
      gantry_watch() {
        trap : TERM INT HUP QUIT
        gantry_program
        echo $? >"$gantry_attempt/code"
        gantry_end_group
      }
      gantry_pipes() {
        trap '' TERM INT HUP QUIT
        {
          gantry_watch 2>&1 >&3 3>&- | cat >>"$gantry_attempt/err" 3>&-
        } 3>&1 </dev/null | cat >>"$gantry_attempt/out"
        trap : TERM INT HUP QUIT
        read -r gantry_code <"$gantry_attempt/code" || exit
      }
      gantry_files() {
        gantry_program </dev/null >>"$gantry_attempt/out" 2>>"$gantry_attempt/err"
        gantry_code=$?
      }
      while read -r gantry_how gantry_attempt; do
        set -C
        if { echo $gantry_self >"$gantry_attempt/pid"; } 2>/dev/null; then
          set +C
          gantry_$gantry_how
          echo $gantry_code >"$gantry_attempt/exit" || exit
          gantry_end_group
          trap : TERM
        fi
        set +C
        echo
      done
      """;

  private final Path root;
  private final Map<String, String> environment;
  private final Optional<String> setsid = find("setsid");
  private final Deque<Supervisor> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param root where what they have to say of themselves is kept
   * @param environment what every program gets
   */
  Supervisors(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  private static Optional<String> find(String program) {
    return Stream.of("/usr/bin/", "/bin/", "/usr/local/bin/")
        .map(directory -> directory + program)
        .filter(path -> new File(path).canExecute())
        .findFirst();
  }

  /** Whether programs get a process group of their own, led by their supervisor. */
  boolean groups() {
    return setsid.isPresent();
  }

  /**
   * Runs the program of a directory that holds its {@code run}.
   *
   * @param ended called when it has ended, or when its supervisor has
   * @throws IOException when the host refuses
   */
  Supervisor run(String how, Path attempt, Runnable ended) throws IOException {
    while (true) {
      Supervisor supervisor = take();
      if (supervisor.run(how + " " + attempt, ended)) {
        return supervisor;
      }
    }
  }

  /** The one that was used last: it is the warmest. */
  private Supervisor take() throws IOException {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return start();
  }

  private Supervisor start() throws IOException {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.addAll(List.of("/bin/sh", "-c", SHELL, "gantry", groups() ? "own" : "shared"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    File log = root.resolve("supervisors.log").toFile();
    return new Supervisor(
        builder.directory(root.toFile()).redirectError(Redirect.appendTo(log)).start(),
        this::giveBack);
  }

  private void giveBack(Supervisor supervisor) {
    synchronized (idle) {
      if (!closed && idle.size() < MOST_IDLE) {
        idle.push(supervisor);
        return;
      }
    }
    supervisor.close();
  }

  /** The idle ones end now, the others with what they run. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Supervisor::close);
      idle.clear();
    }
  }
}
