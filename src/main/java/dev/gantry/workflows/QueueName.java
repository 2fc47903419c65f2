package dev.gantry.workflows;

import java.util.regex.Pattern;

/** The name of a queue that workflows and callers may put executions into. */
public final class QueueName {
  /** What is wrong with a name that is none, as the end of a sentence. */
  public static final String RULE =
      "must be a queue's name: up to 255 letters, digits, '-', '_' and '.', not 'organization'";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");

  private QueueName() {}

  /** Whether it is a name, and of none of the queues that executions pass by what they are. */
  public static boolean isOwn(String name) {
    return NAME.matcher(name).matches() && !name.equals("organization");
  }
}
