package dev.gantry.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.logs.StepLogs.Printed;
import dev.gantry.logs.StepLogs.StepLog;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The last of what steps printed, within a bound. */
class TailsTest {
  private static final int PLENTY = 1 << 20;
  private long offset;

  private Chunk.Entry entry(int step, int attempt, int known, boolean continued, String... lines) {
    LogBatch.Builder builder = new LogBatch.Builder(step, attempt, "s" + step, 0);
    for (String line : lines) {
      byte[] text = line.getBytes(StandardCharsets.UTF_8);
      builder.line(1_000, LogBatch.Level.INFO, continued, text, 0, text.length);
    }
    return new Chunk.Entry(offset++, known, LogBatch.decode(builder.build(null)));
  }

  private Chunk.Entry entry(int step, String... lines) {
    return entry(step, 1, 0, false, lines);
  }

  private static String text(StepLog log) {
    return new String(log.text(), StandardCharsets.UTF_8);
  }

  @Test
  void keepsEachStepsLinesInTheStepsOrder() {
    Tails tails = new Tails(PLENTY);
    tails.add(entry(1, "b1"));
    tails.add(entry(0, "a1", "a2"));
    tails.add(entry(1, "b2"));

    Printed printed = tails.printed(10);

    assertThat(printed.others()).isZero();
    assertThat(printed.steps()).extracting(StepLog::step).containsExactly("s0", "s1");
    assertThat(printed.steps()).extracting(TailsTest::text).containsExactly("a1\na2\n", "b1\nb2\n");
    assertThat(printed.steps()).extracting(StepLog::cut).containsOnly(0L);
  }

  @Test
  void passesOverWhatCameBefore() {
    Tails tails = new Tails(PLENTY);
    tails.add(entry(0, 1, 1, false, "before", "new"));
    tails.add(entry(1, 1, 1, false, "before"));

    assertThat(tails.printed(10).steps()).extracting(TailsTest::text).containsExactly("new\n");
  }

  @Test
  void putsALongLineTogetherAgain() {
    Tails tails = new Tails(PLENTY);
    tails.add(entry(0, 1, 0, true, "one ", "line "));
    tails.add(entry(0, "of text"));

    assertThat(text(tails.printed(10).steps().get(0))).isEqualTo("one line of text\n");
  }

  @Test
  void tellsAttemptsApart() {
    Tails tails = new Tails(PLENTY);
    tails.add(entry(0, 1, 0, false, "no"));
    tails.add(entry(0, 2, 0, false, "yes"));

    assertThat(text(tails.printed(10).steps().get(0))).isEqualTo("no\n--- attempt 2 ---\nyes\n");
  }

  @Test
  void takesFromTheLongestWhatItPrintedFirst() {
    Tails tails = new Tails(20);
    tails.add(entry(0, "little"));
    for (int i = 0; i < 1_000; i++) {
      tails.add(entry(1, "line-" + i));
    }

    Printed printed = tails.printed(10);

    assertThat(printed.steps())
        .extracting(TailsTest::text)
        .containsExactly("little\n", "line-999\n");
    assertThat(printed.steps().get(1).cut()).isEqualTo(5 * 1_000 + 10 + 180 + 2_700 + 1_000 - 9);
  }

  @Test
  void sharesAmongThoseThatAreTooLong() {
    Tails tails = new Tails(8);
    tails.add(entry(0, "a1", "a2", "a3"));
    tails.add(entry(1, "b1", "b2", "b3"));

    assertThat(tails.printed(10).steps())
        .extracting(TailsTest::text)
        .containsExactly("a3\n", "b3\n");
  }

  @Test
  void leavesTheEndOfALineThatIsTooLong() {
    Tails tails = new Tails(6);
    tails.add(entry(0, "ääää"));

    StepLog log = tails.printed(10).steps().get(0);

    assertThat(text(log)).isEqualTo("ää\n");
    assertThat(log.cut()).isEqualTo(4);
  }

  @Test
  void choosesTheStepsThatPrintedLast() {
    Tails tails = new Tails(PLENTY);
    tails.add(entry(2, "first"));
    tails.add(entry(1, "second"));
    tails.add(entry(0, "third"));
    tails.add(entry(2, "fourth"));

    Printed printed = tails.printed(2);

    assertThat(printed.steps()).extracting(StepLog::step).containsExactly("s0", "s2");
    assertThat(printed.others()).isEqualTo(1);
  }
}
