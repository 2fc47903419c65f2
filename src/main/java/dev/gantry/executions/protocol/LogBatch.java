package dev.gantry.executions.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Consecutive log lines of one attempt, in the form in which they travel on the logs topic and lie
 * in the log store: decoded only as far as a reader looks.
 *
 * <p>Layout, integers as LEB128 varints unless said otherwise: version byte 1; flags byte (1 = end
 * of the attempt's log); step; attempt; length and UTF-8 of the step's name; first seq; line count;
 * time of the first line in epoch milliseconds (8 bytes); when the end flag is set: total lines,
 * digest (8 bytes); then each line: one byte level + 16 if the line goes on in the next one,
 * milliseconds since the line before (never negative), length, UTF-8 bytes without line end.
 *
 * @param step the step's index in the definition
 * @param attempt the step's attempt
 * @param name the step's name
 * @param firstSeq the sequence number of the first line; an attempt's lines count from 0
 * @param count how many lines follow
 * @param end non-null on the last batch of the attempt
 * @param bytes the whole encoded batch
 * @param linesOffset where the lines begin in {@code bytes}
 */
public record LogBatch(
    int step,
    int attempt,
    String name,
    long firstSeq,
    int count,
    End end,
    byte[] bytes,
    int linesOffset,
    long firstMillis) {

  /** The attempt's log is whole: so many lines, with this {@link LogDigest}. */
  public record End(long lines, long digest) {}

  /** Where a line comes from. {@code INFO} is standard output, {@code ERROR} standard error. */
  public enum Level {
    INFO,
    ERROR,
    SYSTEM;

    private static final Level[] ALL = values();
  }

  /** Takes the lines one by one; {@code buffer} may only be read during the call. */
  public interface LineVisitor {
    /**
     * @param continued this line was too long and goes on in the next one
     */
    void line(
        long seq,
        long epochMillis,
        Level level,
        boolean continued,
        byte[] buffer,
        int offset,
        int length);
  }

  private static final byte VERSION = 1;
  private static final int FLAG_END = 1;
  private static final int LEVEL_MASK = 15;
  private static final int CONTINUED = 16;

  /** Reads the head of an encoded batch; the lines stay encoded. */
  public static LogBatch decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException("log batch of unknown version " + version);
      }
      int flags = in.get();
      int step = (int) varint(in);
      int attempt = (int) varint(in);
      byte[] name = new byte[(int) varint(in)];
      in.get(name);
      long firstSeq = varint(in);
      int count = (int) varint(in);
      long firstMillis = in.getLong();
      End end = (flags & FLAG_END) == 0 ? null : new End(varint(in), in.getLong());
      return new LogBatch(
          step,
          attempt,
          new String(name, StandardCharsets.UTF_8),
          firstSeq,
          count,
          end,
          bytes,
          in.position(),
          firstMillis);
    } catch (java.nio.BufferUnderflowException | NegativeArraySizeException cut) {
      throw new IllegalArgumentException("log batch is cut off", cut);
    }
  }

  /** The sequence number after the batch's last line. */
  public long nextSeq() {
    return firstSeq + count;
  }

  /** Hands every line to {@code visitor}, in order. */
  public void forEachLine(LineVisitor visitor) {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(linesOffset);
    long millis = firstMillis;
    for (int i = 0; i < count; i++) {
      int head = in.get();
      millis += varint(in);
      int length = (int) varint(in);
      visitor.line(
          firstSeq + i,
          millis,
          Level.ALL[head & LEVEL_MASK],
          (head & CONTINUED) != 0,
          bytes,
          in.position(),
          length);
      in.position(in.position() + length);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("log batch holds a number that is too long");
  }

  /** Collects lines for one batch. Not safe for several threads. */
  public static final class Builder {
    private final int step;
    private final int attempt;
    private final byte[] name;
    private final long firstSeq;
    private byte[] lines = new byte[512];
    private int size;
    private int count;
    private long firstMillis;
    private long lastMillis;

    public Builder(int step, int attempt, String name, long firstSeq) {
      this.step = step;
      this.attempt = attempt;
      this.name = name.getBytes(StandardCharsets.UTF_8);
      this.firstSeq = firstSeq;
    }

    public int count() {
      return count;
    }

    /** The size of the lines so far, in bytes. */
    public int size() {
      return size;
    }

    /** Adds a line of valid UTF-8; a clock that went back is taken as having stood still. */
    public Builder line(
        long epochMillis, Level level, boolean continued, byte[] buffer, int offset, int length) {
      if (count == 0) {
        firstMillis = epochMillis;
        lastMillis = epochMillis;
      }
      reserve(length + 16);
      lines[size++] = (byte) (level.ordinal() | (continued ? CONTINUED : 0));
      size = putVarint(lines, size, Math.max(0, epochMillis - lastMillis));
      size = putVarint(lines, size, length);
      System.arraycopy(buffer, offset, lines, size, length);
      size += length;
      lastMillis = Math.max(lastMillis, epochMillis);
      count++;
      return this;
    }

    private void reserve(int more) {
      if (size + more > lines.length) {
        lines = Arrays.copyOf(lines, Math.max(lines.length * 2, size + more));
      }
    }

    /** The encoded batch; {@code end} is null unless nothing follows it. */
    public byte[] build(End end) {
      byte[] head = new byte[name.length + 80];
      int at = 0;
      head[at++] = VERSION;
      head[at++] = (byte) (end == null ? 0 : FLAG_END);
      at = putVarint(head, at, step);
      at = putVarint(head, at, attempt);
      at = putVarint(head, at, name.length);
      System.arraycopy(name, 0, head, at, name.length);
      at += name.length;
      at = putVarint(head, at, firstSeq);
      at = putVarint(head, at, count);
      at = putLong(head, at, firstMillis);
      if (end != null) {
        at = putVarint(head, at, end.lines());
        at = putLong(head, at, end.digest());
      }
      byte[] batch = Arrays.copyOf(head, at + size);
      System.arraycopy(lines, 0, batch, at, size);
      return batch;
    }

    private static int putLong(byte[] out, int at, long value) {
      ByteBuffer.wrap(out).putLong(at, value);
      return at + Long.BYTES;
    }

    private static int putVarint(byte[] out, int at, long value) {
      int position = at;
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out[position++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      out[position++] = (byte) rest;
      return position;
    }
  }
}
