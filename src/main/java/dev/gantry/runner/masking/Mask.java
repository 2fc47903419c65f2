package dev.gantry.runner.masking;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Overwrites the values of secrets with {@code *}, byte by byte: what stands where in an output
 * does not change, so that a part of it can be masked alone, and again after a restart, with the
 * same result. A value is found in the {@link Forms} that programs usually give it, and also when
 * line ends are within it, from the fifth byte on. A value of fewer than {@value #SHORTEST} bytes
 * is not masked: it would be found everywhere. Immutable, for any thread.
 */
public final class Mask {
  /** Masks nothing. */
  public static final Mask NONE = new Mask(List.of());

  static final int SHORTEST = 4;
  private static final byte MASKED = '*';
  private static final long OPEN = 1L << 32;

  private final Set<String> values;
  private final Map<Integer, List<byte[]>> byHead = new HashMap<>();

  // One bit for each hash of a head: most places are passed with one look.
  private final long[] heads = new long[1024];
  private final int reach;

  private Mask(Collection<String> values) {
    this.values = Set.copyOf(values);
    int longest = 0;
    for (byte[] text : texts(values)) {
      int head = head(text, 0);
      byHead.computeIfAbsent(head, h -> new ArrayList<>()).add(text);
      heads[hash(head) >>> 6] |= 1L << hash(head);
      longest = Math.max(longest, text.length);
    }
    this.reach = 2 * longest;
  }

  public static Mask of(Collection<String> values) {
    return values.isEmpty() ? NONE : new Mask(values);
  }

  private static List<byte[]> texts(Collection<String> values) {
    Set<String> forms = new LinkedHashSet<>();
    for (String value : values) {
      if (value.getBytes(StandardCharsets.UTF_8).length >= SHORTEST) {
        forms.addAll(Forms.of(value));
      }
    }
    List<byte[]> texts = new ArrayList<>();
    for (String form : forms) {
      byte[] text = withoutLineEnds(form.getBytes(StandardCharsets.UTF_8));
      if (text.length >= SHORTEST) {
        texts.add(text);
      }
    }
    return texts;
  }

  private static byte[] withoutLineEnds(byte[] text) {
    byte[] rest = new byte[text.length];
    int length = 0;
    for (byte b : text) {
      if (!isLineEnd(b)) {
        rest[length++] = b;
      }
    }
    return Arrays.copyOf(rest, length);
  }

  /** What is masked, to make the same mask again. */
  public Set<String> values() {
    return values;
  }

  public boolean isEmpty() {
    return byHead.isEmpty();
  }

  /** How many bytes before and after a place may decide about it. */
  public int reach() {
    return reach;
  }

  /** Masks a whole text. */
  public String apply(String text) {
    if (isEmpty() || text == null) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    apply(bytes, bytes.length, true);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Masks what is found in the first {@code length} bytes of {@code buffer}.
   *
   * @param last nothing follows them
   * @return how many of them are decided; a value may begin in the rest, which is to be masked
   *     again together with what follows
   */
  public int apply(byte[] buffer, int length, boolean last) {
    byte[] text = Arrays.copyOf(buffer, length);
    int decided = length;
    for (int at = 0; at < length; at++) {
      long match = isEmpty() ? at : matched(text, at);
      if (isOpen(match) && !last) {
        decided = Math.min(decided, at);
      }
      for (int i = at; i < end(match); i++) {
        if (!isLineEnd(text[i])) {
          buffer[i] = MASKED;
        }
      }
    }
    return decided;
  }

  /** Where the longest value at this place ends, or the place itself; open if one may be longer. */
  private long matched(byte[] text, int at) {
    if (at + SHORTEST > text.length) {
      return beginsValue(text, at) ? open(at) : at;
    }
    int head = head(text, at);
    if ((heads[hash(head) >>> 6] & (1L << hash(head))) == 0) {
      return at;
    }
    int longest = at;
    boolean open = false;
    for (byte[] value : byHead.getOrDefault(head, List.of())) {
      int end = matched(value, text, at);
      open |= end < 0;
      longest = Math.max(longest, end);
    }
    return open ? open(longest) : longest;
  }

  private static long open(int end) {
    return end | OPEN;
  }

  private static boolean isOpen(long match) {
    return (match & OPEN) != 0;
  }

  private static int end(long match) {
    return (int) match;
  }

  /** Where the value ends that begins at this place, the place if it is not there, -1 if open. */
  private static int matched(byte[] value, byte[] text, int at) {
    int found = SHORTEST;
    int limit = at + 2 * value.length;
    int i = at + SHORTEST;
    while (found < value.length) {
      if (i == text.length) {
        return -1;
      }
      if (i == limit) {
        return at;
      }
      if (text[i] == value[found]) {
        found++;
      } else if (!isLineEnd(text[i])) {
        return at;
      }
      i++;
    }
    return i;
  }

  private boolean beginsValue(byte[] text, int at) {
    for (List<byte[]> values : byHead.values()) {
      if (Arrays.equals(text, at, text.length, values.get(0), 0, text.length - at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  private static int head(byte[] text, int at) {
    return (text[at] & 255) << 24
        | (text[at + 1] & 255) << 16
        | (text[at + 2] & 255) << 8
        | (text[at + 3] & 255);
  }

  /** To 16 bits. */
  private static int hash(int head) {
    return (head * 0x9E3779B9) >>> 16;
  }

  /** Without the values, which must not reach a log. */
  @Override
  public String toString() {
    return "Mask[" + values.size() + " values]";
  }
}
