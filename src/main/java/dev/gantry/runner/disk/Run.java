package dev.gantry.runner.disk;

/**
 * Lines of one batch that come from one place, in order.
 *
 * @param source {@link #OUT}, {@link #ERR} or {@link #NOTES}
 * @param from the offset in the stream's file; the index of the note
 * @param to the offset after; the index of the note after
 * @param count how many lines
 * @param open the last line goes on in the next batch
 */
record Run(int source, long from, long to, int count, boolean open) {
  static final int OUT = 0;
  static final int ERR = 1;
  static final int NOTES = 2;
  static final int SOURCES = 3;
}
