package dev.gantry.platform;

/**
 * In what order a process starts: the priorities of those who observe that it does, the lowest
 * first. The starting thread calls one after the other; the channels connect between {@link
 * #BEFORE_CHANNELS} and those who have no priority.
 */
public final class StartOrder {
  /** The servers are there; what needs none of them begins. */
  public static final int FIRST = 0;

  /** Other servers have begun to be waited for, see {@link EarlyStart}. */
  public static final int BEGUN = 1;

  /** The topics are there. */
  public static final int TOPICS = 2;

  /** The database is up to date. */
  public static final int MIGRATED = 3;

  /** What needs both. */
  public static final int BEFORE_CHANNELS = 4;

  /** What was begun beside the start is waited for. */
  public static final int LAST = Integer.MAX_VALUE;

  private StartOrder() {}
}
