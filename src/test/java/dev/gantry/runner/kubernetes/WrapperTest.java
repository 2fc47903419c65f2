package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wrapper itself, run by the shells of this machine. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class WrapperTest {
  private static final String MARK = Steps.MARK;

  @TempDir Path folder;

  /** As images have them, where this machine does. */
  static Stream<String> shells() {
    return Stream.of("/bin/sh", "/bin/bash", "/bin/busybox")
        .filter(shell -> Files.isExecutable(Path.of(shell)));
  }

  private record Ended(int code, byte[] out, String err) {
    String log() {
      return new String(out, StandardCharsets.ISO_8859_1);
    }

    /** What a reader of the log takes for the output. */
    String output() {
      int from = log().indexOf("\n" + MARK + "\n") + MARK.length() + 2;
      from = log().startsWith(MARK) ? MARK.length() + 1 : from;
      int to = log().lastIndexOf("\n" + MARK + "\n");
      return log().substring(from, to);
    }

    /** What it leaves. */
    String lines() {
      return log().substring(0, log().indexOf(MARK + "\n"));
    }
  }

  private Process start(String shell, Wrapper wrapper, String... program) throws IOException {
    Path file = folder.resolve("wrapper");
    Files.writeString(file, Wrapper.SHELL);
    List<String> command = new ArrayList<>(wrapper.around(List.of(program), file.toString()));
    command.set(0, shell);
    if (shell.endsWith("busybox")) {
      command.add(1, "sh");
    }
    return new ProcessBuilder(command).start();
  }

  private Ended run(String shell, Wrapper wrapper, String... program) throws Exception {
    Process process = start(shell, wrapper, program);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Thread errors =
        new Thread(
            () -> {
              try (InputStream in = process.getErrorStream()) {
                in.transferTo(err);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    errors.start();
    byte[] out = process.getInputStream().readAllBytes();
    errors.join();
    return new Ended(process.waitFor(), out, err.toString(StandardCharsets.UTF_8));
  }

  private Ended script(String shell, String script) throws Exception {
    return run(shell, marked("TERM"), "/bin/sh", "-c", script);
  }

  private Wrapper marked(String signal) {
    return new Wrapper(folder.toString(), MARK, signal, "", "");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void tellsTheOutputApartAfterTheLog(String shell) throws Exception {
    Ended ended = script(shell, "echo one; echo wrong >&2; echo two; exit 7");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.log()).isEqualTo("one\ntwo\n" + MARK + "\none\ntwo\n\n" + MARK + "\n");
    assertThat(ended.err()).isEqualTo("wrong\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void endsALineThatHasNoEnd(String shell) throws Exception {
    Ended ended = script(shell, "printf 'no end'");
    assertThat(ended.code()).isZero();
    assertThat(ended.log()).isEqualTo("no end\n" + MARK + "\nno end\n" + MARK + "\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void hasNoOutputToTell(String shell) throws Exception {
    assertThat(script(shell, "true").log()).isEqualTo(MARK + "\n\n" + MARK + "\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void keepsEveryByte(String shell) throws Exception {
    Path bytes = folder.resolve("bytes");
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    Files.write(bytes, all);
    Ended ended = run(shell, marked("TERM"), "/bin/cat", bytes.toString());
    String text = new String(all, StandardCharsets.ISO_8859_1);
    assertThat(ended.lines()).isEqualTo(text + "\n");
    assertThat(ended.output()).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void tellsTheBeginningOfMuchAndLosesNothing(String shell) throws Exception {
    Path much = folder.resolve("much");
    byte[] line = "0123456789abcde\n".getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[1 << 20];
    for (int at = 0; at < all.length; at += line.length) {
      System.arraycopy(line, 0, all, at, line.length);
    }
    Files.write(much, all);
    Ended ended = run(shell, marked("TERM"), "/bin/cat", much.toString());
    assertThat(ended.code()).isZero();
    assertThat(Arrays.copyOf(ended.out(), all.length)).isEqualTo(all);
    assertThat(ended.output())
        .isEqualTo(new String(all, 0, Wrapper.OUTPUT_BYTES, StandardCharsets.US_ASCII));
    assertThat(Files.size(folder.resolve("stdout"))).isLessThan(1 << 20);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void tellsTheSignalThatKilledTheProgram(String shell) throws Exception {
    Ended ended = script(shell, "echo before; kill -s KILL $$");
    assertThat(ended.code()).isEqualTo(137);
    assertThat(ended.output()).isEqualTo("before\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void saysThatThereIsNoSuchProgram(String shell) throws Exception {
    Ended ended = run(shell, marked("TERM"), "/nowhere/program");
    assertThat(ended.code()).isEqualTo(127);
    assertThat(ended.err()).contains("/nowhere/program");
    assertThat(ended.output()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP"})
  void passesOnWhatAsksItToEnd(String signal) throws Exception {
    for (String shell : shells().toList()) {
      clear();
      Process process =
          start(
              shell,
              marked(signal),
              "/bin/sh",
              "-c",
              "trap 'echo told; exit 5' " + signal + "; echo ready; while :; do sleep 0.05; done");
      InputStream out = process.getInputStream();
      String log = new String(out.readNBytes("ready\n".length()), StandardCharsets.US_ASCII);
      process.toHandle().destroy();
      log += new String(out.readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(process.waitFor()).as(shell).isEqualTo(5);
      assertThat(log).isEqualTo("ready\ntold\n" + MARK + "\nready\ntold\n\n" + MARK + "\n");
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aSignalThatNobodyHandlesEndsTheProgram(String shell) throws Exception {
    Process process = start(shell, marked("TERM"), "/bin/sh", "-c", "echo ready; exec sleep 600");
    InputStream out = process.getInputStream();
    assertThat(out.readNBytes("ready\n".length())).hasSize(6);
    process.toHandle().destroy();
    assertThat(new String(out.readAllBytes(), StandardCharsets.US_ASCII)).endsWith(MARK + "\n");
    assertThat(process.waitFor()).isEqualTo(143);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void waitsForNothingThatIsLeftBehind(String shell) throws Exception {
    Ended ended = script(shell, "echo done; sleep 600 2>&- & echo $! >&2; exit 3");
    ProcessHandle.of(Long.parseLong(ended.err().strip())).ifPresent(ProcessHandle::destroy);
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.output()).isEqualTo("done\n");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void keepsAllOfTheStreamsInFiles(String shell) throws Exception {
    Path out = folder.resolve("kept/lines.txt");
    Path err = folder.resolve("kept/errors.txt");
    Wrapper wrapper = new Wrapper(folder.toString(), "", "TERM", out.toString(), err.toString());
    Ended ended =
        run(shell, wrapper, "/bin/sh", "-c", "head -c 300000 /dev/zero; echo wrong >&2; exit 4");
    assertThat(ended.code()).isEqualTo(4);
    assertThat(ended.out()).hasSize(300_000);
    assertThat(out).hasSize(300_000);
    assertThat(err).hasContent("wrong\n");
    assertThat(ended.err()).isEqualTo("wrong\n");
  }

  @Test
  void failsWhenAStreamCannotBeKept() throws Exception {
    File blocked = folder.resolve("blocked").toFile();
    assertThat(blocked.createNewFile()).isTrue();
    Wrapper wrapper = new Wrapper(folder.toString(), "", "TERM", blocked + "/lines.txt", "");
    Ended ended = run("/bin/sh", wrapper, "/bin/echo", "x");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("the step's stdout cannot be kept in " + blocked);
  }

  @Test
  void runsThePlainProgramWhereTheImageHasNoTee() throws Exception {
    Process process;
    Path file = folder.resolve("wrapper");
    Files.writeString(file, Wrapper.SHELL);
    ProcessBuilder builder =
        new ProcessBuilder(marked("TERM").around(List.of("/bin/echo", "x"), file.toString()));
    builder.environment().put("PATH", folder.toString());
    process = builder.start();
    assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("x\n");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void theMarkHasTheFormThatReadersKnow() {
    assertThat(MARK).matches(Wrapper.MARK_FORM);
  }

  private void clear() throws IOException {
    for (String each : List.of("stdout", "stdout.pipe")) {
      Files.deleteIfExists(folder.resolve(each));
    }
  }
}
