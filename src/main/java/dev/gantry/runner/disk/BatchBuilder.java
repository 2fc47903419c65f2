package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.LineSplitter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of one batch and notes where they come from. Not safe for several threads. */
final class BatchBuilder {
  /** A batch is sent when it is as large as this, in bytes of encoded lines. */
  static final int FULL = 128 * 1024 - LineSplitter.MAX_LINE / 2;

  private final LogBatch.Builder lines;
  private final List<Run> runs = new ArrayList<>();
  private final long firstSeq;
  private final long millis;
  private long digest;

  BatchBuilder(StepSpec step, long firstSeq, long digest, long millis) {
    this.lines = new LogBatch.Builder(step.index(), step.attempt(), step.name(), firstSeq);
    this.firstSeq = firstSeq;
    this.digest = digest;
    this.millis = millis;
  }

  boolean isFull() {
    return lines.size() >= FULL;
  }

  boolean isEmpty() {
    return lines.count() == 0;
  }

  long nextSeq() {
    return firstSeq + lines.count();
  }

  long digest() {
    return digest;
  }

  void notes(List<String> notes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte[] text = notes.get(i).getBytes(StandardCharsets.UTF_8);
      add(Level.SYSTEM, text, 0, text.length, false);
    }
    runs.add(new Run(Run.NOTES, from, to, to - from, false));
  }

  /**
   * Takes lines out of {@code buffer}, which holds the stream's bytes from {@code from} on.
   *
   * @param last nothing follows them
   * @return the offset in the stream after the lines taken
   */
  long stream(int source, long from, byte[] buffer, int length, boolean last) {
    Lines sink = new Lines(source == Run.OUT ? Level.INFO : Level.ERROR);
    long to = from + LineSplitter.split(buffer, length, last, sink);
    if (to > from) {
      runs.add(new Run(source, from, to, sink.count, sink.open));
    }
    return to;
  }

  /** Makes a run again that was journaled; {@code buffer} holds it from its first byte on. */
  void again(Run run, byte[] buffer, int length) {
    Again sink = new Again(run);
    LineSplitter.split(buffer, length, true, sink);
    sink.fill();
    runs.add(run);
  }

  private void add(Level level, byte[] buffer, int offset, int length, boolean continued) {
    digest += LogDigest.ofLine(nextSeq(), buffer, offset, length);
    lines.line(millis, level, continued, buffer, offset, length);
  }

  JournalEntry entry(int index, boolean end) {
    return new JournalEntry(index, firstSeq, millis, digest, end, runs);
  }

  /** The encoded batch; {@code end} as in {@link LogBatch.Builder#build}. */
  byte[] build(LogBatch.End end) {
    return lines.build(end);
  }

  private final class Lines implements LineSplitter.Sink {
    private final Level level;
    private int count;
    private boolean open;

    Lines(Level level) {
      this.level = level;
    }

    @Override
    public void line(byte[] buffer, int offset, int length, boolean continued) {
      add(level, buffer, offset, length, continued);
      count++;
      open = continued;
    }

    @Override
    public boolean full() {
      return isFull();
    }
  }

  /** Exactly as many lines as before, whatever has become of the file since. */
  private final class Again implements LineSplitter.Sink {
    private static final byte[] LOST =
        "(lost: the program cut off its own output)".getBytes(StandardCharsets.UTF_8);
    private final Run run;
    private final Level level;
    private int count;

    Again(Run run) {
      this.run = run;
      this.level = run.source() == Run.OUT ? Level.INFO : Level.ERROR;
    }

    @Override
    public void line(byte[] buffer, int offset, int length, boolean continued) {
      count++;
      boolean open = count == run.count() ? run.open() : continued;
      add(level, buffer, offset, length, open);
    }

    @Override
    public boolean full() {
      return count >= run.count();
    }

    void fill() {
      while (!full()) {
        line(LOST, 0, LOST.length, false);
      }
    }
  }
}
