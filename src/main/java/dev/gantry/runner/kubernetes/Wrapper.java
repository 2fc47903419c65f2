package dev.gantry.runner.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a step's program is run under where its log is not enough: Kubernetes mixes standard output
 * and standard error in a container's log. It keeps the program's exit code, which is 128 and the
 * signal's number for one that was killed, and passes on the signal that asks it to end.
 *
 * <p>With a mark it copies standard output, as it comes, to its own and to a file, and at the end
 * prints a line with the mark, the first {@value #OUTPUT_BYTES} bytes of the file, a line end, and
 * a line with the mark. A program's last line without an end gets one before that. Without {@code
 * tee} and its like in the image there are no such lines, and the whole log is the output.
 *
 * @param folder where it may write
 * @param mark a line that the program does not print; empty = the output is not wanted apart
 * @param signal that asks the program to end, without {@code SIG}
 * @param stdout a file that takes all of the standard output; empty = none
 * @param stderr likewise
 */
record Wrapper(String folder, String mark, String signal, String stdout, String stderr) {
  static final String MARK = "gantry-output-";
  static final Pattern MARK_FORM = Pattern.compile(MARK + "[0-9a-f]{32}");
  static final int OUTPUT_BYTES = 65536;

  /**
   * In POSIX shell, given folder, mark, signal, stdout, stderr and the program with its arguments.
   *
   * <p>A program that is begun in the background ignores SIGINT and SIGQUIT for good, so neither
   * can be what asks it to end.
   */
  static final String SHELL =
      """
      gantry_folder=$1 gantry_mark=$2 gantry_signal=$3 gantry_stdout=$4 gantry_stderr=$5
      shift 5

      gantry_needs() {
        for gantry_tool; do
          command -v "$gantry_tool" >/dev/null 2>&1 || return 1
        done
      }
      if ! gantry_needs mkfifo tee dd tail wc sleep; then
        [ -z "$gantry_stdout$gantry_stderr" ] && exec "$@"
        echo "stdout and stderr need mkfifo, tee and their like in the image" >&2
        exit 126
      fi

      # Ends when nobody writes any more. The output needs the beginning alone, a file all.
      gantry_copy() {
        trap '' TERM INT HUP QUIT
        if [ -z "$2" ]; then
          trap '' XFSZ
          ulimit -f 256
        fi
        exec tee "$gantry_folder/$1" 2>/dev/null <"$gantry_folder/$1.pipe"
      }
      gantry_stop() {
        gantry_stopped=yes
        [ -z "$gantry_program" ] || kill -s "$gantry_signal" "$gantry_program" 2>/dev/null
      }
      gantry_program= gantry_stopped= gantry_copiers=
      trap gantry_stop TERM

      exec 3>&1 4>&2
      if [ -n "$gantry_mark$gantry_stdout" ]; then
        mkfifo "$gantry_folder/stdout.pipe" || exit 126
        gantry_copy stdout "$gantry_stdout" 3>&- 4>&- &
        gantry_copiers=$!
        exec 3>"$gantry_folder/stdout.pipe"
      fi
      if [ -n "$gantry_stderr" ]; then
        mkfifo "$gantry_folder/stderr.pipe" || exit 126
        gantry_copy stderr "$gantry_stderr" 3>&- 4>&- >&2 &
        gantry_copiers="$gantry_copiers $!"
        exec 4>"$gantry_folder/stderr.pipe"
      fi
      { exec "$@"; } >&3 2>&4 3>&- 4>&- &
      gantry_program=$!
      exec 3>&- 4>&-
      [ -z "$gantry_stopped" ] || gantry_stop

      # A signal interrupts the wait; 127 then means that it had ended before.
      gantry_code=
      while :; do
        gantry_stopped=
        wait "$gantry_program" 2>/dev/null
        gantry_waited=$?
        [ "$gantry_waited" = 127 ] && [ -n "$gantry_code" ] || gantry_code=$gantry_waited
        [ -n "$gantry_stopped" ] || break
      done

      # What the program has left behind may keep the pipes open.
      if [ -n "$gantry_copiers" ]; then
        ( trap - TERM; sleep 2; kill -s KILL $gantry_copiers ) </dev/null >/dev/null 2>&1 &
        gantry_guard=$!
        for gantry_copier in $gantry_copiers; do
          wait "$gantry_copier" 2>/dev/null
        done
        kill "$gantry_guard" 2>/dev/null
      fi

      gantry_keep() {
        [ -z "$2" ] || { mkdir -p "${2%/*}" && cat <"$gantry_folder/$1" >"$2"; } || {
          echo "the step's $1 cannot be kept in $2" >&2
          [ "$gantry_code" != 0 ] || gantry_code=1
        }
      }
      gantry_keep stdout "$gantry_stdout"
      gantry_keep stderr "$gantry_stderr"
      if [ -n "$gantry_mark" ]; then
        if [ -s "$gantry_folder/stdout" ] && [ "$(tail -c 1 "$gantry_folder/stdout" | wc -l)" -eq 0 ]; then
          echo
        fi
        echo "$gantry_mark"
        dd if="$gantry_folder/stdout" bs=65536 count=1 2>/dev/null
        echo
        echo "$gantry_mark"
      fi
      exit "$gantry_code"
      """;

  /**
   * The command of the container.
   *
   * @param file where {@link #SHELL} lies
   */
  List<String> around(List<String> program, String file) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", file, folder, mark, signal, stdout, stderr));
    command.addAll(program);
    return command;
  }
}
