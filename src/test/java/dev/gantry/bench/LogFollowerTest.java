package dev.gantry.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that is not whole must not become a figure. */
class LogFollowerTest {
  private static final String OPENING = ":\n\n";
  private final List<String> seen = new ArrayList<>();
  private final LogFollower follower =
      new LogFollower(
          (seq, buffer, from, to) ->
              seen.add(seq + " " + new String(buffer, from, to - from, StandardCharsets.UTF_8)));

  private static String line(int seq, String message) {
    return """
        id: 7.%1$d
        event: log
        data: {"id":"7.%1$d","level":"info","step":"s","attempt":1,"seq":%1$d,"message":"%2$s"}

        """
        .formatted(seq, message);
  }

  private static String end(int lines, boolean complete, String status) {
    return """
        id: 7.9
        event: end
        data: {"status":"%s","hash":"00","lines":%d,"complete":%s}

        """
        .formatted(status, lines, complete);
  }

  private long follow(String... events) throws IOException {
    return follower.follow(stream(String.join("", events), Integer.MAX_VALUE));
  }

  /** A stream that gives a few bytes at a time. */
  private static InputStream stream(String text, int piece) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, piece));
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1_000_000})
  void readsAWholeLogInWhateverPiecesItComes(int piece) throws IOException {
    String longer = "x".repeat(600_000);
    String events =
        OPENING
            + line(0, "a")
            + OPENING
            + line(1, longer)
            + line(2, "")
            + end(3, true, "completed");

    long lines = follower.follow(stream(events, piece));

    assertThat(lines).isEqualTo(3);
    assertThat(seen).containsExactly("0 a", "1 " + longer, "2 ");
  }

  @Test
  void isNotMisledByWhatALineSays() throws IOException {
    String message = ",\\\"seq\\\":9,\\\"message\\\":\\\" event: end";

    follow(line(0, message), end(1, true, "completed"));

    assertThat(seen).containsExactly("0 " + message);
  }

  @Test
  void refusesAGap() {
    assertThatThrownBy(() -> follow(line(0, "a"), line(2, "c")))
        .isInstanceOf(WrongResultException.class)
        .hasMessageContaining("line 1");
  }

  @Test
  void refusesALineTwice() {
    assertThatThrownBy(() -> follow(line(0, "a"), line(0, "a")))
        .isInstanceOf(WrongResultException.class);
  }

  @Test
  void refusesALineInParts() {
    String part = line(0, "a").replace("\"}", "\",\"continued\":true}");

    assertThatThrownBy(() -> follow(part, end(1, true, "completed")))
        .isInstanceOf(WrongResultException.class);
  }

  @Test
  void refusesAnEndThatCountsOtherLines() {
    assertThatThrownBy(() -> follow(line(0, "a"), end(2, true, "completed")))
        .isInstanceOf(WrongResultException.class);
  }

  @Test
  void refusesAnEndThatIsNotComplete() {
    assertThatThrownBy(() -> follow(line(0, "a"), end(1, false, "completed")))
        .isInstanceOf(WrongResultException.class);
  }

  @Test
  void refusesAFailedExecution() {
    assertThatThrownBy(() -> follow(line(0, "a"), end(1, true, "failed")))
        .isInstanceOf(WrongResultException.class)
        .hasMessageContaining("failed");
  }

  @Test
  void refusesAStreamWithoutAnEnd() {
    assertThatThrownBy(() -> follow(line(0, "a")))
        .isInstanceOf(WrongResultException.class)
        .hasMessageContaining("broke off after 1 lines");
  }
}
