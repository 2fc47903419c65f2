package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptRecords.LogPosition;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.LineSplitter;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.masking.Mask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * The log of one attempt, from what the kubelet gives to what Kafka takes: masked, split into
 * lines, numbered, each with the time at which it was written. A process that goes on with an
 * attempt of another is given the whole log again, and leaves out what is stored. Any thread;
 * blocks while Kafka takes no more.
 */
final class PodLog implements TimedLines.Sink {
  /** A batch is sent when it is as large as this, in bytes of encoded lines. */
  private static final int FULL = 128 * 1024 - LineSplitter.MAX_LINE / 2;

  private final AttemptRequest request;
  private final LogShipper shipper;
  private final MaskedText masked;
  private final OutputSection output;
  private final Queue<Long> times = new ArrayDeque<>();
  private byte[] line = new byte[4096];
  private int lineLength;
  private long skip;
  private final Long skippedAt;
  private boolean compared;
  private long nextSeq;
  private long digest;
  private LogBatch.Builder batch;
  private boolean ended;
  private CompletableFuture<Void> acknowledged = CompletableFuture.completedFuture(null);

  /**
   * @param from where the log stands that is shipped already
   * @param outputMark the line before and after what the wrapper prints as the output, or null
   */
  PodLog(
      AttemptRequest request, LogShipper shipper, Mask mask, LogPosition from, String outputMark) {
    this.request = request;
    this.shipper = shipper;
    this.masked = new MaskedText(mask);
    this.output = new OutputSection(outputMark, request.step().outputLimit());
    this.nextSeq = from.lines();
    this.digest = from.digest();
    this.skip = from.printed();
    this.skippedAt = from.firstAt();
    this.compared = skip == 0;
    this.batch = newBatch();
  }

  private LogBatch.Builder newBatch() {
    StepSpec step = request.step();
    return new LogBatch.Builder(step.index(), step.attempt(), step.name(), nextSeq);
  }

  /** Adds a line of the runner's own, and sends it; not after the end. */
  synchronized void note(String text) throws InterruptedException {
    if (ended) {
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(System.currentTimeMillis(), Level.SYSTEM, bytes, 0, bytes.length, false);
    flush();
  }

  @Override
  public synchronized void begins(Instant at) {
    if (!compared) {
      compared = true;
      if (at.toEpochMilli() > skippedAt) {
        lost();
      }
    }
    times.add(at.toEpochMilli());
  }

  /** The cluster has thrown the beginning away: nobody can tell what is new. */
  private void lost() {
    skip = 0;
    byte[] text =
        "(the cluster has no longer the beginning of this log: lines may be missing or come twice)"
            .getBytes(StandardCharsets.UTF_8);
    add(System.currentTimeMillis(), Level.SYSTEM, text, 0, text.length, false);
  }

  @Override
  public synchronized void bytes(byte[] buffer, int offset, int length) {
    take(masked.add(buffer, offset, length));
  }

  private void take(byte[] text) {
    for (int at = 0; at < text.length; ) {
      int end = at;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      boolean whole = end < text.length;
      append(text, at, (whole ? end + 1 : end) - at);
      split(false);
      at = whole ? end + 1 : end;
    }
  }

  private void append(byte[] text, int offset, int count) {
    if (lineLength + count > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + count));
    }
    System.arraycopy(text, offset, line, lineLength, count);
    lineLength += count;
  }

  /** What is in {@code line} is one line, or a part of one. */
  private void split(boolean last) {
    boolean whole = lineLength > 0 && line[lineLength - 1] == '\n';
    int used = LineSplitter.split(line, lineLength, last, new Pieces());
    System.arraycopy(line, used, line, 0, lineLength - used);
    lineLength -= used;
    if (whole) {
      times.remove();
    }
  }

  private final class Pieces implements LineSplitter.Sink {
    @Override
    public void line(byte[] buffer, int offset, int length, boolean continued) {
      if (!output.takes(buffer, offset, length)) {
        printed(buffer, offset, length, continued);
      }
    }

    @Override
    public boolean full() {
      return false;
    }
  }

  private void printed(byte[] buffer, int offset, int length, boolean continued) {
    if (skip > 0) {
      skip--;
    } else {
      add(times.element(), Level.INFO, buffer, offset, length, continued);
    }
  }

  private void add(
      long millis, Level level, byte[] buffer, int offset, int length, boolean continued) {
    if (batch.size() >= FULL) {
      pending.add(build(null));
    }
    digest += LogDigest.ofLine(nextSeq++, buffer, offset, length);
    batch.line(millis, level, continued, buffer, offset, length);
  }

  /** Built and not sent yet: as much as one read can give. */
  private final Queue<byte[]> pending = new ArrayDeque<>();

  private byte[] build(LogBatch.End end) {
    byte[] bytes = batch.build(end);
    batch = newBatch();
    return bytes;
  }

  /** Sends what has come; waits until there is room for it. */
  synchronized void flush() throws InterruptedException {
    if (batch.count() > 0) {
      pending.add(build(null));
    }
    send();
  }

  private void send() throws InterruptedException {
    for (byte[] bytes = pending.poll(); bytes != null; bytes = pending.poll()) {
      int size = bytes.length;
      reserve(size);
      CompletableFuture<Void> sent =
          shipper
              .send(request.executionId(), request.logPartition(), bytes)
              .thenAccept(offset -> shipper.release(size))
              .toCompletableFuture();
      acknowledged = CompletableFuture.allOf(acknowledged, sent);
    }
  }

  private void reserve(int size) throws InterruptedException {
    while (true) {
      CountDownLatch released = new CountDownLatch(1);
      if (shipper.reserve(size, released::countDown)) {
        return;
      }
      released.await();
    }
  }

  /** Nothing follows: sends the rest, and the log's end. Completes when all is acknowledged. */
  synchronized CompletionStage<Void> end() throws InterruptedException {
    ended = true;
    take(masked.rest());
    split(true);
    pending.add(build(new LogBatch.End(nextSeq, digest)));
    send();
    return acknowledged;
  }

  synchronized long lines() {
    return nextSeq;
  }

  synchronized long digest() {
    return digest;
  }

  /** What the step's output is, once the log has ended. */
  synchronized OutputSection output() {
    return output;
  }
}
