package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.LineSplitter;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.Serial;
import dev.gantry.runner.masking.Mask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * One attempt's log: reads what the program wrote, numbers the lines, sends them in batches, and
 * says when all of them are acknowledged. Everything but {@link #hasGrown} runs inside the
 * attempt's {@link Serial}.
 *
 * <p>A batch is journaled before it is sent. After a restart the batches that were sent and not
 * acknowledged are made again from the journal, byte for byte, before the reading goes on.
 */
final class AttemptLog {
  private static final int MAX_IN_FLIGHT = 16;

  /** What one batch may take of the shipper's allowance until its size is known. */
  private static final int RESERVED = 256 * 1024;

  private final AttemptRequest request;
  private final RunnerDisk disk;
  private final LogShipper shipper;
  private final Serial serial;
  private final List<String> notes;
  private final int ownNotes;
  private final Journal journal;
  private final Tail[] streams;
  private final Queue<JournalEntry> again;
  private int notesSent;
  private int nextIndex;
  private long nextSeq;
  private long digest;
  private int inFlight;
  private boolean waiting;
  private boolean ended;
  private boolean endSent;
  private Runnable whenSafe;

  /**
   * @param mask over all that the program wrote
   * @param notes what the runner itself says before the program's first line
   */
  AttemptLog(
      AttemptRequest request,
      AttemptDirectory directory,
      List<String> notes,
      Mask mask,
      RunnerDisk disk,
      Serial serial) {
    this.request = request;
    this.disk = disk;
    this.shipper = disk.logs();
    this.serial = serial;
    this.ownNotes = notes.size();
    this.notes = new ArrayList<>(notes);
    this.notes.add("standard output was cut off by the program: lines may be missing");
    this.notes.add("standard error was cut off by the program: lines may be missing");
    this.journal = new Journal(directory.journal());
    Journal.Replay replay = journal.replay();
    this.streams =
        new Tail[] {
          new Tail(directory.out(), replay.offsets()[Run.OUT], mask),
          new Tail(directory.err(), replay.offsets()[Run.ERR], mask)
        };
    this.again = new ArrayDeque<>(replay.unacknowledged());
    JournalEntry last = replay.last();
    if (last != null) {
      notesSent = ownNotes;
      nextIndex = last.index() + 1;
      nextSeq = last.nextSeq();
      digest = last.digest();
      endSent = last.end();
    }
  }

  long lines() {
    return nextSeq;
  }

  long digest() {
    return digest;
  }

  /** Whether the program wrote something since the last look. Any thread. */
  boolean hasGrown() {
    return streams[Run.OUT].hasChanged() || streams[Run.ERR].hasChanged();
  }

  /** The program has ended: read the rest, and run {@code safe} when all is acknowledged. */
  void end(Runnable safe) {
    ended = true;
    whenSafe = safe;
    pump();
  }

  /** Sends what there is, as far as the shipper allows; an acknowledgement calls it again. */
  void pump() {
    if (disk.closed()) {
      return;
    }
    while (!isWhole() && inFlight < MAX_IN_FLIGHT && reserve()) {
      if (!sendNext()) {
        shipper.release(RESERVED);
        break;
      }
    }
    if (whenSafe != null && inFlight == 0 && isWhole()) {
      Runnable safe = whenSafe;
      whenSafe = null;
      close();
      safe.run();
    }
  }

  /** Nothing is left to be sent, and nothing will be. */
  private boolean isWhole() {
    return again.isEmpty() && (endSent || (ended && isSilent()));
  }

  private boolean isSilent() {
    return nextSeq == 0
        && ownNotes == 0
        && streams[Run.OUT].look() == 0
        && streams[Run.ERR].look() == 0;
  }

  private boolean reserve() {
    if (waiting) {
      return false;
    }
    waiting =
        !shipper.reserve(RESERVED, () -> disk.workers().execute(() -> serial.run(this::retry)));
    return !waiting;
  }

  private void retry() {
    waiting = false;
    pump();
  }

  /** Uses up what was reserved; false when there is nothing to send now. */
  private boolean sendNext() {
    JournalEntry entry = again.poll();
    if (entry != null) {
      sendAgain(entry);
      return true;
    }
    if (endSent) {
      return false;
    }
    BatchBuilder batch =
        new BatchBuilder(request.step(), nextSeq, digest, System.currentTimeMillis());
    boolean drained = collect(batch);
    nextSeq = batch.nextSeq();
    digest = batch.digest();
    endSent = ended && drained;
    if (batch.isEmpty() && !endSent) {
      return false;
    }
    JournalEntry sent = batch.entry(nextIndex++, endSent);
    journal.sent(sent);
    send(sent.index(), batch.build(endSent ? new LogBatch.End(nextSeq, digest) : null));
    return true;
  }

  /** True when everything that is there is in the batch, but for an unfinished line. */
  private boolean collect(BatchBuilder batch) {
    if (notesSent < ownNotes) {
      batch.notes(notes, notesSent, ownNotes);
      notesSent = ownNotes;
    }
    int first = nextIndex % 2;
    boolean drained = collect(batch, first);
    return collect(batch, 1 - first) && drained;
  }

  private boolean collect(BatchBuilder batch, int source) {
    Tail stream = streams[source];
    long length = stream.look();
    if (length < stream.offset()) {
      batch.notes(notes, ownNotes + source, ownNotes + source + 1);
      stream.advanceTo(0);
    }
    long from = stream.offset();
    if (length == from) {
      return true;
    }
    int wanted = (int) Math.min(length - from, BatchBuilder.FULL + LineSplitter.LOOKAHEAD);
    byte[] buffer = new byte[wanted];
    int read = stream.read(from, buffer, wanted, ended);
    boolean all = from + read == length;
    long to = batch.stream(source, from, buffer, read, ended && all);
    stream.advanceTo(to);
    return all && (to == length || (!ended && !batch.isFull()));
  }

  private void sendAgain(JournalEntry entry) {
    BatchBuilder batch = new BatchBuilder(request.step(), entry.firstSeq(), 0, entry.millis());
    for (Run run : entry.runs()) {
      if (run.source() == Run.NOTES) {
        batch.notes(notes, (int) run.from(), (int) run.to());
      } else {
        byte[] buffer = new byte[(int) (run.to() - run.from())];
        batch.again(
            run, buffer, streams[run.source()].read(run.from(), buffer, buffer.length, true));
      }
    }
    LogBatch.End end = entry.end() ? new LogBatch.End(entry.nextSeq(), entry.digest()) : null;
    send(entry.index(), batch.build(end));
  }

  private void send(int index, byte[] bytes) {
    inFlight++;
    shipper.release(RESERVED - bytes.length);
    shipper
        .send(request.executionId(), request.logPartition(), bytes)
        .thenRunAsync(() -> serial.run(() -> acknowledged(index, bytes.length)), disk.workers());
  }

  private void acknowledged(int index, int size) {
    shipper.release(size);
    inFlight--;
    journal.acknowledged(index);
    pump();
  }

  void close() {
    journal.close();
    streams[Run.OUT].close();
    streams[Run.ERR].close();
  }
}
