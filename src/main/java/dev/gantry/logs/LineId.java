package dev.gantry.logs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a line lies: the offset of its batch in the logs topic, and its index in that batch.
 * Ordered as the lines are; shown as {@code 1042.7}.
 */
record LineId(long offset, int index) implements Comparable<LineId> {
  /** Before every line. */
  static final LineId NONE = new LineId(-1, 0);

  private static final String END = "end";
  private static final Pattern FORM =
      Pattern.compile("(0|[1-9][0-9]{0,17})\\.(0|[1-9][0-9]{0,8})(\\.end)?");

  /**
   * The place that a client names to go on behind it: a line's id, or the id of an end, which is
   * that of the last line before it. Empty when the text is neither.
   */
  static Optional<LineId> parse(String text) {
    if (text.equals(END)) {
      return Optional.of(NONE);
    }
    Matcher id = FORM.matcher(text);
    return id.matches()
        ? Optional.of(new LineId(Long.parseLong(id.group(1)), Integer.parseInt(id.group(2))))
        : Optional.empty();
  }

  /** The id of the end that follows this line. */
  String end() {
    return equals(NONE) ? END : this + "." + END;
  }

  boolean isBefore(long otherOffset, int otherIndex) {
    return offset < otherOffset || (offset == otherOffset && index < otherIndex);
  }

  @Override
  public int compareTo(LineId other) {
    int byOffset = Long.compare(offset, other.offset);
    return byOffset == 0 ? Integer.compare(index, other.index) : byOffset;
  }

  @Override
  public String toString() {
    return offset + "." + index;
  }
}
