package dev.gantry.workflows;

/** Where a value begins in its text, both from 1; {@link #NONE} when it did not come as text. */
record Mark(int line, int column) {
  static final Mark NONE = new Mark(0, 0);
}
