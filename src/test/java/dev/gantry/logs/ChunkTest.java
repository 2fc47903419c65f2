package dev.gantry.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.platform.Ids;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What lies in the store is what came over the topic. */
class ChunkTest {
  private static LogBatch batch(int step, long firstSeq, long millis, String... lines) {
    LogBatch.Builder builder = new LogBatch.Builder(step, 1, "s" + step, firstSeq);
    for (String line : lines) {
      byte[] text = line.getBytes(StandardCharsets.UTF_8);
      builder.line(millis, LogBatch.Level.INFO, false, text, 0, text.length);
    }
    return LogBatch.decode(builder.build(null));
  }

  private static List<String> lines(LogBatch batch) {
    List<String> lines = new ArrayList<>();
    batch.forEachLine(
        (seq, millis, level, continued, buffer, offset, length) ->
            lines.add(seq + " " + new String(buffer, offset, length, StandardCharsets.UTF_8)));
    return lines;
  }

  @Test
  void unpacksWhatWasPacked() {
    Chunk chunk =
        Chunk.pack(
            List.of(
                new Chunk.Entry(41, 0, batch(2, 0, 2_000, "a", "b")),
                new Chunk.Entry(44, 1, batch(0, 7, 1_000, "h", "i"))));

    assertThat(chunk.firstOffset()).isEqualTo(41);
    assertThat(chunk.lastOffset()).isEqualTo(44);
    assertThat(chunk.steps()).containsExactly(0, 2);
    assertThat(chunk.lines()).as("without the one that came before").isEqualTo(3);
    assertThat(chunk.firstMillis()).isEqualTo(1_000);
    assertThat(chunk.lastMillis()).isEqualTo(2_000);
    List<Chunk.Entry> entries = Chunk.unpack(chunk.data());
    assertThat(entries.stream().map(Chunk.Entry::offset)).containsExactly(41L, 44L);
    assertThat(entries.get(1).known()).isEqualTo(1);
    assertThat(lines(entries.get(0).batch())).containsExactly("0 a", "1 b");
    assertThat(lines(entries.get(1).batch())).containsExactly("7 h", "8 i");
  }

  @Test
  void storesEachRecordOnceHoweverOftenItIsPolled() {
    UUID id = Ids.next();
    Map<LogPoll.Place, AttemptLog> attempts = new HashMap<>();
    LogPoll first = new LogPoll(Map.of(), attempts);
    first.add(new LogRecord(id, 3, 10, batch(0, 0, 1, "a")));
    assertThat(first.chunks()).hasSize(1);

    LogPoll again = new LogPoll(Map.of(3, 11L), attempts);
    again.add(new LogRecord(id, 3, 10, batch(0, 0, 1, "a")));
    assertThat(again.chunks()).as("its offset is stored").isEmpty();
    again.add(new LogRecord(id, 3, 11, batch(0, 0, 1, "a")));
    assertThat(again.chunks()).as("its lines are stored").isEmpty();
    again.add(new LogRecord(id, 3, 12, batch(0, 1, 1, "b")));
    assertThat(again.chunks()).hasSize(1);
  }

  @Test
  void closesAChunkThatIsFull() {
    LogPoll poll = new LogPoll(Map.of(), new HashMap<>());
    String[] lines = new String[1_000];
    java.util.Arrays.fill(lines, "x".repeat(300));
    UUID id = Ids.next();
    for (int i = 0; i < 10; i++) {
      poll.add(new LogRecord(id, 0, i, batch(0, i * 1_000L, 1, lines)));
    }

    assertThat(poll.chunks().size()).isBetween(3, 5);
    assertThat(poll.chunks().stream().mapToInt(stored -> stored.chunk().lines()).sum())
        .isEqualTo(10_000);
  }

  @Test
  void refusesWhatIsNoBatch() {
    byte[] whole = batch(0, 0, 1, "line").bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> LogRecord.of(record("" + Ids.next(), cut)))
          .as("cut to %d bytes", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> LogRecord.of(record("no-id", whole)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LogRecord.of(record(null, whole)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ConsumerRecord<String, byte[]> record(String key, byte[] value) {
    return new ConsumerRecord<>("logs", 0, 0, key, value);
  }

  @Test
  void readsIdsAsItWritesThem() {
    LineId id = new LineId(1042, 7);

    assertThat(LineId.parse(id.toString())).contains(id);
    assertThat(LineId.parse(id.end())).contains(id);
    assertThat(LineId.parse(LineId.NONE.end())).contains(LineId.NONE);
    for (String wrong : List.of("", "1", "1.", ".1", "-1.0", "01.1", "1.1.1", "1.1.END", "x.y")) {
      assertThat(LineId.parse(wrong)).as(wrong).isEqualTo(Optional.empty());
    }
  }

  @Test
  void escapesWhatJsonCannotHold() {
    JsonBytes out = new JsonBytes().string("a\"\\\n\r\t\u0001\u001fé\u2028").number(0).number(-5);

    assertThat(new String(out.toArray(), StandardCharsets.UTF_8))
        .isEqualTo("\"a\\\"\\\\\\n\\r\\t\\u0001\\u001fé\u2028\"0-5");
  }
}
