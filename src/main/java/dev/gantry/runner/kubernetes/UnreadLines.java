package dev.gantry.runner.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Passes on what was not passed on before, however often a log is read again from {@link #since}
 * on. A log's order never changes, but its times may go back by a little: the container runtime
 * reads the two outputs side by side, and takes the time of a line before it is that line's turn to
 * be written. So the line that came last tells where to go on, and not the latest time. Not safe
 * for several threads.
 */
final class UnreadLines implements TimedLines.Sink {
  /** By how much times may go back between two lines that follow each other. */
  private static final Duration DISORDER = Duration.ofSeconds(5);

  /** How many times are remembered; more lines than these do not come in each other's way. */
  private static final int REMEMBERED = 1024;

  private final TimedLines.Sink next;

  /** How many whole lines came of each of the times that came last. */
  private final Map<Instant, Long> whole =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Instant, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Of the whole line that came last, or null. */
  private Instant last;

  /** Of the line that has begun and is not whole, or null. */
  private Instant begun;

  /** How many bytes of it came. */
  private long open;

  private boolean again;

  /** How many lines of the last time came again. */
  private long passed;

  private boolean skipsLine;
  private long skipsBytes;

  UnreadLines(TimedLines.Sink next) {
    this.next = next;
  }

  /** The log is read again, from {@link #since} on or from an earlier time. */
  void again() {
    again = true;
    passed = 0;
    skipsLine = false;
    skipsBytes = 0;
  }

  /** From when on the log must be read; null = from its beginning. */
  Instant since() {
    return last == null ? null : last.minus(DISORDER);
  }

  @Override
  public void begins(Instant at) throws IOException {
    skipsLine = again && isKnown(at);
    if (skipsLine) {
      return;
    }
    boolean goesOn = again && at.equals(begun);
    again = false;
    if (goesOn) {
      skipsBytes = open;
    } else {
      begun = at;
      open = 0;
      next.begins(at);
    }
  }

  private boolean isKnown(Instant at) {
    if (last == null || passed == whole.get(last)) {
      return false;
    }
    if (at.equals(last)) {
      passed++;
      return true;
    }
    return at.isBefore(last) || whole.containsKey(at);
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
      ended();
    } else {
      open += length - known;
    }
    next.bytes(buffer, offset + known, length - known);
  }

  private void ended() {
    last = begun;
    whole.merge(begun, 1L, Long::sum);
    begun = null;
    open = 0;
  }
}
