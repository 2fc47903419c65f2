package dev.gantry.runner;

import java.util.Collection;
import java.util.Set;

/**
 * What the API knows of attempts which another process of the runner has begun. Both methods ask
 * for as long as it takes to get an answer; interrupt the thread to give up.
 */
public interface AttemptRecords {
  /**
   * How far the log of an attempt is stored.
   *
   * @param storedUpTo everything before this offset in its partition of the logs topic is stored
   * @param lines the sequence number of its next line
   * @param digest over the lines that came
   * @param printed how many of them the program printed, the pieces of a long line each counted
   * @param firstAt of what the program printed, in epoch milliseconds; null when that is nothing
   * @param lastAt likewise
   */
  record LogPosition(
      long storedUpTo, long lines, long digest, long printed, Long firstAt, Long lastAt) {
    /** Of an attempt of which nothing was ever shipped, or is to be waited for. */
    public static final LogPosition START = new LogPosition(Long.MAX_VALUE, 0, 0, 0, null, null);
  }

  /** Those of the attempts that are still waited for. */
  Set<AttemptKey> held(Collection<AttemptKey> attempts) throws InterruptedException;

  /** Where the attempt's log stands; {@link LogPosition#START} for one that nobody waits for. */
  LogPosition log(AttemptKey attempt) throws InterruptedException;
}
