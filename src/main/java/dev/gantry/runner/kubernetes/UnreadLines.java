package dev.gantry.runner.kubernetes;

import java.io.IOException;
import java.time.Instant;

/**
 * Passes on what was not passed on before, however often a log is read again from its last known
 * time. Not safe for several threads.
 */
final class UnreadLines implements TimedLines.Sink {
  private final TimedLines.Sink next;

  /** Of the line that came last. */
  private Instant time = Instant.MIN;

  /** How many whole lines of that time came. */
  private long whole;

  /** Whether a line of that time has begun and is not whole. */
  private boolean begun;

  /** How many bytes of it came. */
  private long open;

  private boolean again;
  private long passed;
  private boolean skipsLine;
  private long skipsBytes;

  UnreadLines(TimedLines.Sink next) {
    this.next = next;
  }

  /** The log is read again, from {@link #since} on or from an earlier time. */
  void again() {
    again = !time.equals(Instant.MIN);
    passed = 0;
    skipsLine = false;
    skipsBytes = 0;
  }

  /** From when on the log must be read; null = from its beginning. */
  Instant since() {
    return time.equals(Instant.MIN) ? null : time;
  }

  @Override
  public void begins(Instant at) throws IOException {
    skipsLine = again && isKnown(at);
    if (skipsLine) {
      return;
    }
    if (again && begun && at.equals(time)) {
      again = false;
      skipsBytes = open;
      return;
    }
    again = false;
    if (!at.equals(time)) {
      time = at;
      whole = 0;
    }
    begun = true;
    open = 0;
    next.begins(at);
  }

  private boolean isKnown(Instant at) {
    if (at.isBefore(time)) {
      return true;
    }
    if (at.equals(time) && passed < whole) {
      passed++;
      return true;
    }
    return false;
  }

  @Override
  public void bytes(byte[] buffer, int offset, int length) throws IOException {
    if (skipsLine) {
      return;
    }
    int known = (int) Math.min(skipsBytes, length);
    skipsBytes -= known;
    if (known == length) {
      return;
    }
    if (buffer[offset + length - 1] == '\n') {
      whole++;
      begun = false;
      open = 0;
    } else {
      open += length - known;
    }
    next.bytes(buffer, offset + known, length - known);
  }
}
