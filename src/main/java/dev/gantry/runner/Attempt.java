package dev.gantry.runner;

import java.time.Duration;

/** A running attempt. */
public interface Attempt {
  /**
   * Asks the program to end, and kills it and all it started when it has not after {@code grace};
   * the attempt is then told as cancelled with {@code reason}. Does nothing once the program has
   * ended. May block for a moment.
   */
  void cancel(String reason, Duration grace);

  /** Another process goes on with it: it is followed no longer, and nothing more is told. */
  void leave();
}
