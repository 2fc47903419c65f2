package dev.gantry.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.LoggedExecutions.LoggedExecution;
import dev.gantry.executions.LoggedExecutions.LoggedStep;
import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.platform.Ids;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines are counted once each, and a gap is named. */
class AttemptLogTest {
  private final AttemptLog log = new AttemptLog(new AttemptLog.Key(0, 1));

  private static LogBatch batch(long firstSeq, LogBatch.End end, String... lines) {
    LogBatch.Builder builder = new LogBatch.Builder(0, 1, "build", firstSeq);
    for (String line : lines) {
      byte[] text = line.getBytes(StandardCharsets.UTF_8);
      builder.line(1_000, LogBatch.Level.INFO, false, text, 0, text.length);
    }
    return LogBatch.decode(builder.build(end));
  }

  private static long digest(String... lines) {
    long digest = 0;
    for (int seq = 0; seq < lines.length; seq++) {
      byte[] text = lines[seq].getBytes(StandardCharsets.UTF_8);
      digest += LogDigest.ofLine(seq, text, 0, text.length);
    }
    return digest;
  }

  private Completeness completeness(long counted) {
    LoggedStep step = new LoggedStep(0, "build", 1, counted, 0);
    return Completeness.of(
        new LoggedExecution(Ids.next(), "completed", true, 0, List.of(step)),
        Map.of(log.key(), log),
        null);
  }

  @Test
  void isWholeWhenAllCountedLinesCame() {
    assertThat(log.add(batch(0, null, "a", "b"))).isZero();
    assertThat(log.add(batch(2, new LogBatch.End(3, digest("a", "b", "c")), "c"))).isZero();

    assertThat(log.whole()).isTrue();
    assertThat(log.lines()).isEqualTo(3);
    assertThat(completeness(3).complete()).isTrue();
  }

  @Test
  void passesOverWhatCameBefore() {
    log.add(batch(0, null, "a", "b"));

    assertThat(log.add(batch(0, null, "a", "b"))).as("all of them").isEqualTo(2);
    assertThat(log.add(batch(1, null, "b", "c"))).as("the first").isEqualTo(1);
    assertThat(log.lines()).isEqualTo(3);
    assertThat(log.digest()).isEqualTo(digest("a", "b", "c"));
  }

  @Test
  void namesAGap() {
    log.add(batch(0, null, "a"));
    log.add(batch(3, null, "d"));

    assertThat(log.missing()).isEqualTo(2);
    assertThat(completeness(4).gaps()).contains("step 'build' attempt 1: 2 lines are missing");
  }

  @Test
  void namesLinesThatAreNotTheCountedOnes() {
    log.add(batch(0, new LogBatch.End(1, digest("a")), "x"));

    assertThat(log.whole()).isFalse();
    assertThat(completeness(1).gaps())
        .containsExactly("step 'build' attempt 1: the lines are not those that were counted");
  }

  @Test
  void saysHowManyCameSoFar() {
    log.add(batch(0, null, "a"));

    assertThat(completeness(5).gaps())
        .containsExactly("step 'build' attempt 1: 1 of 5 lines came so far");
  }

  @Test
  void countsAnAttemptWithoutLines() {
    log.add(batch(0, new LogBatch.End(0, 0)));

    assertThat(log.whole()).isTrue();
  }
}
