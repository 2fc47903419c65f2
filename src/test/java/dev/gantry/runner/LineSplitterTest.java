package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static final int MAX = LineSplitter.MAX_LINE;

  /** Collects lines; {@code +} at the end of one that is continued. */
  private static final class Lines implements LineSplitter.Sink {
    final List<String> lines = new ArrayList<>();

    @Override
    public void line(byte[] buffer, int offset, int length, boolean continued) {
      assertThat(length).isLessThanOrEqualTo(MAX);
      String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
      lines.add(continued ? text + "+" : text);
    }

    @Override
    public boolean full() {
      return false;
    }
  }

  private static List<String> split(byte[] bytes) {
    Lines lines = new Lines();
    assertThat(LineSplitter.split(bytes, bytes.length, true, lines)).isEqualTo(bytes.length);
    return lines.lines;
  }

  private static List<String> split(String text) {
    return split(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void linesEndWithLineFeedOrWithTheEnd() {
    assertThat(split("a\n\nb\r\nc\rd\r")).containsExactly("a", "", "b", "c\rd\r");
    assertThat(split("")).isEmpty();
    assertThat(split("\n")).containsExactly("");
  }

  @Test
  void anUnfinishedLineIsLeftForLater() {
    Lines lines = new Lines();
    byte[] bytes = "one\ntw".getBytes(StandardCharsets.UTF_8);

    int taken = LineSplitter.split(bytes, bytes.length, false, lines);

    assertThat(taken).isEqualTo(4);
    assertThat(lines.lines).containsExactly("one");
  }

  @Test
  void whatDoesNotDecodeIsReplacedAndTheRestIsData() {
    assertThat(split(new byte[] {'a', (byte) 0xff, 'b', '\n'})).containsExactly("a\ufffdb");
    assertThat(split(new byte[] {(byte) 0xc3, '\n', 'x'})).containsExactly("\ufffd", "x");
    assertThat(split("\u001b[31mred\u0000\u0007\n")).containsExactly("\u001b[31mred\u0000\u0007");
    assertThat(split("zażółć 😀\n")).containsExactly("zażółć 😀");
  }

  @Test
  void aLongLineComesInPieces() {
    assertThat(split("x".repeat(MAX) + "\n")).containsExactly("x".repeat(MAX));
    assertThat(split("x".repeat(MAX) + "\r\n")).containsExactly("x".repeat(MAX));
    assertThat(split("x".repeat(MAX + 1) + "\n")).containsExactly("x".repeat(MAX) + "+", "x");
    assertThat(split("x".repeat(2 * MAX + 3)))
        .containsExactly("x".repeat(MAX) + "+", "x".repeat(MAX) + "+", "xxx");
  }

  @Test
  void aPieceDoesNotEndInsideACharacter() {
    String text = "x" + "😀".repeat(MAX / 2);

    List<String> pieces = split(text);

    assertThat(String.join("", pieces).replace("+", "")).isEqualTo(text);
  }

  @Test
  void piecesOfBinaryAreNeverTooLong() {
    byte[] noise = new byte[5 * MAX];
    new Random(1).nextBytes(noise);
    byte[] continuations = new byte[2 * MAX];
    Arrays.fill(continuations, (byte) 0x80);

    assertThat(split(noise)).isNotEmpty();
    assertThat(String.join("", split(continuations)).replace("+", ""))
        .isEqualTo("\ufffd".repeat(2 * MAX));
  }

  @Test
  void linesDoNotDependOnHowTheBytesAreRead() {
    Random random = new Random(7);
    byte[] bytes = new byte[40 * MAX / 10];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(30_000) == 0 ? '\n' : random.nextInt(256));
      bytes[i] = bytes[i] == '\n' && random.nextBoolean() ? (byte) 'z' : bytes[i];
    }
    List<String> whole = split(bytes);

    Lines parts = new Lines();
    int start = 0;
    int known = 0;
    while (start < bytes.length) {
      known = Math.min(bytes.length, known + 1 + random.nextInt(3 * MAX));
      byte[] rest = Arrays.copyOfRange(bytes, start, known);
      start += LineSplitter.split(rest, rest.length, known == bytes.length, parts);
    }

    assertThat(parts.lines).isEqualTo(whole);
  }
}
