package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptRecords.LogPosition;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.LineSplitter;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.Outlet;
import dev.gantry.runner.masking.Mask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PodLogTest {
  private static final String MARK = "gantry-output-00112233445566778899aabbccddeeff";
  private final List<LogBatch> sent = new ArrayList<>();
  private Instant time = Instant.parse("2026-01-02T03:04:05.000Z");

  /** What comes out, in the place of Kafka. */
  private final class Batches implements Outlet {
    @Override
    public CompletionStage<Long> event(StepEvent event) {
      throw new AssertionError("a log sends no events");
    }

    @Override
    public CompletionStage<Long> log(UUID executionId, int partition, byte[] batch) {
      sent.add(LogBatch.decode(batch));
      return CompletableFuture.completedFuture((long) sent.size());
    }
  }

  private PodLog log(Mask mask, LogPosition from, String mark) {
    StepSpec step = new StepSpec(0, "a", 1, null, null, "x", null, null, null, 0, null, false);
    AttemptRequest request =
        new AttemptRequest(
            UUID.randomUUID(),
            step,
            Map.of(),
            StepGrants.NONE,
            WorkFiles.NONE,
            0,
            AttemptRequest.Behind.NOTHING);
    return new PodLog(request, new LogShipper(new Batches(), 1 << 20), mask, from, mark);
  }

  private PodLog log() {
    return log(Mask.NONE, LogPosition.START, null);
  }

  /** Each line a millisecond after the one before, in pieces of any length. */
  private void print(PodLog log, String text) throws InterruptedException {
    Random random = new Random(text.length());
    for (String line : text.split("(?<=\n)", -1)) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      if (bytes.length == 0) {
        continue;
      }
      time = time.plusMillis(1);
      log.begins(time);
      for (int at = 0; at < bytes.length; ) {
        int count = Math.min(bytes.length - at, 1 + random.nextInt(5000));
        log.bytes(bytes, at, count);
        at += count;
      }
      log.flush();
    }
  }

  private record Line(long seq, long millis, Level level, boolean continued, String text) {}

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (LogBatch batch : sent) {
      batch.forEachLine(
          (seq, millis, level, continued, buffer, offset, length) ->
              lines.add(
                  new Line(
                      seq,
                      millis,
                      level,
                      continued,
                      new String(buffer, offset, length, StandardCharsets.UTF_8))));
    }
    return lines;
  }

  private List<String> texts() {
    return lines().stream().map(Line::text).toList();
  }

  private LogBatch.End end() {
    return sent.get(sent.size() - 1).end();
  }

  private long digest() {
    long digest = 0;
    for (Line line : lines()) {
      byte[] text = line.text.getBytes(StandardCharsets.UTF_8);
      digest += LogDigest.ofLine(line.seq, text, 0, text.length);
    }
    return digest;
  }

  @Test
  void linesAreNumberedAndKeepTheirTimes() throws Exception {
    PodLog log = log();
    log.note("scheduled");
    print(log, "one\n\nthree\r\nlast");
    log.end().toCompletableFuture().get();

    assertThat(texts()).containsExactly("scheduled", "one", "", "three", "last");
    assertThat(lines()).extracting(Line::seq).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(lines().subList(1, 5))
        .extracting(line -> line.millis % 1000)
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(lines()).extracting(Line::level).startsWith(Level.SYSTEM, Level.INFO);
    assertThat(end()).isEqualTo(new LogBatch.End(5, digest()));
    assertThat(log.output().text()).isEqualTo("one\n\nthree\nlast");
  }

  @Test
  void aLongLineComesInPiecesThatAreTheSameEachTime() throws Exception {
    String text = "x".repeat(3 * LineSplitter.MAX_LINE + 17) + "\nnext\n";
    PodLog log = log();
    print(log, text);
    log.end().toCompletableFuture().get();
    List<String> first = texts();
    assertThat(first).hasSize(5);
    assertThat(String.join("", first.subList(0, 4))).hasSize(3 * LineSplitter.MAX_LINE + 17);
    assertThat(lines()).extracting(Line::continued).containsExactly(true, true, true, false, false);

    List<Line> all = lines();
    long digest = digest();
    for (int stored = 0; stored <= 5; stored++) {
      sent.clear();
      time = Instant.parse("2026-01-02T03:04:05.000Z");
      long before = 0;
      for (Line line : all.subList(0, stored)) {
        byte[] bytes = line.text.getBytes(StandardCharsets.UTF_8);
        before += LogDigest.ofLine(line.seq, bytes, 0, bytes.length);
      }
      Long firstAt = stored == 0 ? null : (Long) all.get(0).millis;
      PodLog again =
          log(Mask.NONE, new LogPosition(9, stored, before, stored, firstAt, firstAt), null);
      print(again, text);
      again.end().toCompletableFuture().get();

      assertThat(lines()).isEqualTo(all.subList(stored, 5));
      assertThat(end()).isEqualTo(new LogBatch.End(5, digest));
    }
  }

  @Test
  void aLogWhoseBeginningIsGoneSaysSo() throws Exception {
    PodLog log = log(Mask.NONE, new LogPosition(9, 2, 77, 2, 1L, 2L), null);
    print(log, "later\n");
    log.end().toCompletableFuture().get();

    assertThat(texts()).hasSize(2).last().isEqualTo("later");
    assertThat(texts().get(0)).contains("no longer the beginning");
    assertThat(end().lines()).isEqualTo(4);
  }

  @Test
  void secretsAreMaskedAcrossPiecesAndLines() throws Exception {
    String secret = "s3cr3t-value-of-a-test";
    PodLog log = log(Mask.of(List.of(secret)), LogPosition.START, null);
    print(log, "is " + secret + "\nand s3cr3t-val\nue-of-a-test too\nend " + secret);
    log.end().toCompletableFuture().get();

    assertThat(String.join("\n", texts())).doesNotContain("s3cr3t").doesNotContain("of-a-test");
    assertThat(texts()).hasSize(4).first().isEqualTo("is " + "*".repeat(secret.length()));
    assertThat(log.output().text()).doesNotContain("s3cr3t");
  }

  @Test
  void theOutputIsTakenOutOfTheLog() throws Exception {
    PodLog log = log(Mask.NONE, LogPosition.START, MARK);
    print(log, "seen\n" + MARK + "\n{\"a\": 1,\n \"b\": 2}\n" + MARK + "\nafter\n");
    log.end().toCompletableFuture().get();

    assertThat(texts()).containsExactly("seen", "after");
    assertThat(log.output().text()).isEqualTo("{\"a\": 1,\n \"b\": 2}");
  }

  @Test
  void aFloodIsShippedInBatchesAndWhole() throws Exception {
    PodLog log = log();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("line ").append(i).append('\n');
    }
    log.begins(time);
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += 8192) {
      int to = Math.min(bytes.length, at + 8192);
      for (int i = at; i < to; i++) {
        if (i > 0 && bytes[i - 1] == '\n') {
          log.begins(time);
        }
        log.bytes(bytes, i, 1);
      }
      log.flush();
    }
    log.end().toCompletableFuture().get();

    assertThat(texts()).hasSize(20_000).startsWith("line 0").endsWith("line 19999");
    assertThat(end()).isEqualTo(new LogBatch.End(20_000, digest()));
    assertThat(sent).hasSizeGreaterThan(2);
  }
}
