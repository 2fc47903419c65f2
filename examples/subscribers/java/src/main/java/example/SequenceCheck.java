package example;

import java.util.HashMap;
import java.util.Map;

/**
 * How far each subject has come. A subscriber that must survive its own restart keeps this where it
 * keeps what it makes of the events, in one transaction with it.
 */
public class SequenceCheck {
  private final Map<String, Long> last = new HashMap<>();

  public enum Place {
    /** It comes once more. */
    SEEN,
    /** Right behind the one before. */
    NEXT,
    /** One or more before it have not come. */
    MISSING
  }

  /** What comes first of a subject is taken as its beginning only if it is its first. */
  public Place check(String subject, long sequence) {
    long before = last.getOrDefault(subject, 0L);
    if (sequence <= before) {
      return Place.SEEN;
    }
    last.put(subject, sequence);
    return sequence == before + 1 ? Place.NEXT : Place.MISSING;
  }
}
