package dev.gantry.logs;

import dev.gantry.executions.protocol.LogBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes lines as the API shows them. What many lines share, the step and the millisecond, is
 * formatted once. Not safe for several threads.
 */
final class LineWriter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final byte[] ID = ascii("{\"id\":\"");
  private static final byte[] TIMESTAMP = ascii("\",\"timestamp\":\"");
  private static final byte[][] LEVELS = levels();
  private static final byte[] SEQ = ascii(",\"seq\":");
  private static final byte[] MESSAGE = ascii(",\"message\":");
  private static final byte[] CONTINUED = ascii(",\"continued\":true}");

  private final JsonBytes out;
  private byte[] source = {};
  private byte[] time = {};
  private long timeMillis = -1;

  LineWriter(JsonBytes out) {
    this.out = out;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[][] levels() {
    LogBatch.Level[] all = LogBatch.Level.values();
    byte[][] levels = new byte[all.length][];
    for (LogBatch.Level level : all) {
      levels[level.ordinal()] =
          ascii("\",\"level\":\"" + level.name().toLowerCase(Locale.ROOT) + "\"");
    }
    return levels;
  }

  /** The lines that follow are of this batch. */
  void batch(LogBatch batch) {
    source =
        new JsonBytes()
            .raw(",\"step\":")
            .string(batch.name())
            .raw(",\"attempt\":")
            .number(batch.attempt())
            .toArray();
  }

  /** Writes one line as a JSON object. */
  void line(
      long offset,
      int index,
      long seq,
      long millis,
      LogBatch.Level level,
      boolean continued,
      byte[] buffer,
      int from,
      int length) {
    out.raw(ID);
    id(offset, index);
    out.raw(TIMESTAMP).raw(time(millis)).raw(LEVELS[level.ordinal()]).raw(source);
    out.raw(SEQ).number(seq).raw(MESSAGE).string(buffer, from, length);
    out.raw(continued ? CONTINUED : CLOSE);
  }

  private static final byte[] CLOSE = {'}'};

  /** Writes a line's id as {@link LineId} shows it. */
  void id(long offset, int index) {
    out.number(offset).raw(DOT).number(index);
  }

  private static final byte[] DOT = {'.'};

  private byte[] time(long millis) {
    if (millis != timeMillis) {
      timeMillis = millis;
      time = ascii(TIME.format(Instant.ofEpochMilli(millis)));
    }
    return time;
  }
}
