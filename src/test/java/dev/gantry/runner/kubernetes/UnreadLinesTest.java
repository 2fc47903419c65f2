package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadLinesTest {
  private final StringBuilder got = new StringBuilder();
  private final UnreadLines unread =
      new UnreadLines(
          new TimedLines.Sink() {
            @Override
            public void begins(Instant at) {
              got.append('[').append(at.toEpochMilli() % 1000).append(']');
            }

            @Override
            public void bytes(byte[] buffer, int offset, int length) {
              got.append(new String(buffer, offset, length, StandardCharsets.UTF_8));
            }
          });

  private static String line(int millis, String text) {
    return "2026-01-02T03:04:05.%03d000000Z %s".formatted(millis, text);
  }

  private void read(String text) throws IOException {
    unread.again();
    TimedLines lines = new TimedLines(inSmallPieces(text));
    while (lines.read(unread)) {
      assertThat(got).isNotNull();
    }
  }

  private static InputStream inSmallPieces(String text) {
    Random random = new Random(text.length());
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public int read(byte[] buffer, int offset, int length) {
        return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(7)));
      }
    };
  }

  @Test
  void timesAreTakenOffTheLines() throws IOException {
    read(line(1, "one\n") + line(2, "\n") + line(3, "a b  c\n") + line(4, "no end"));

    assertThat(got).hasToString("[1]one\n[2]\n[3]a b  c\n[4]no end");
  }

  @Test
  void whatWasReadIsNotReadAgain() throws IOException {
    String first = line(1, "one\n") + line(2, "two\n");
    read(first);
    read(first + line(3, "three\n"));
    read(line(2, "two\n") + line(3, "three\n") + line(4, "four\n"));

    assertThat(got).hasToString("[1]one\n[2]two\n[3]three\n[4]four\n");
    assertThat(unread.since()).isBefore(Instant.parse("2026-01-02T03:04:05.004Z"));
  }

  @Test
  void linesOfOneTimeAreToldApartByTheirNumber() throws IOException {
    read(line(1, "a\n") + line(1, "a\n"));
    read(line(1, "a\n") + line(1, "a\n") + line(1, "a\n") + line(1, "b\n"));

    assertThat(got).hasToString("[1]a\n[1]a\n[1]a\n[1]b\n");
  }

  @Test
  void aLineThatWasCutOffGoesOnWhereItWas() throws IOException {
    read(line(1, "one\n") + line(2, "tw"));
    read(line(1, "one\n") + line(2, "two and more\n") + line(2, "next\n"));

    assertThat(got).hasToString("[1]one\n[2]two and more\n[2]next\n");
  }

  @Test
  void allIsReadWhenTheLogIsCutAtEveryPlace() throws IOException {
    String whole =
        line(1, "one\n") + line(1, "one\n") + line(2, "\n") + line(3, "three\n") + line(3, "x");
    for (int cut = 0; cut <= whole.length(); cut++) {
      UnreadLinesTest each = new UnreadLinesTest();
      each.read(whole.substring(0, cut));
      each.read(whole);

      assertThat(each.got).as("cut at %d", cut).hasToString("[1]one\n[1]one\n[2]\n[3]three\n[3]x");
    }
  }

  @Test
  void timesThatGoBackBetweenTheTwoOutputsLoseAndRepeatNothing() throws IOException {
    String[] lines = {
      line(1, "one\n"),
      line(5, "two\n"),
      line(4, "three\n"),
      line(4, "four\n"),
      line(5, "five\n"),
      line(3, "six\n"),
      line(7, "seven\n"),
      line(6, "eight")
    };
    String whole = String.join("", lines);
    for (int from = 0; from < 2; from++) {
      String beginningIsGone = String.join("", List.of(lines).subList(from, lines.length));
      for (int cut = lines[0].length() + lines[1].length(); cut <= whole.length(); cut++) {
        UnreadLinesTest each = new UnreadLinesTest();
        each.read(whole.substring(0, cut));
        each.read(beginningIsGone);
        each.read(beginningIsGone);

        assertThat(each.got)
            .as("cut at %d, read again from line %d on", cut, from)
            .hasToString("[1]one\n[5]two\n[4]three\n[4]four\n[5]five\n[3]six\n[7]seven\n[6]eight");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no time here\n", "2026-13-02T00:00:00Z x\n", "unable to retrieve logs"})
  void whatIsNoLogIsNotTakenForOne(String text) {
    String tooLong = text.repeat(3);
    assertThatThrownBy(() -> read(tooLong)).isInstanceOf(IOException.class);
  }

  @Test
  void nothingIsReadFromAnEmptyLog() throws IOException {
    read("");

    assertThat(got).isEmpty();
    assertThat(unread.since()).isNull();
  }
}
