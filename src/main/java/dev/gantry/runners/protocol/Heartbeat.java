package dev.gantry.runners.protocol;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * One process of a runner is there, and what it has. Sent at its start, then at every interval, and
 * once more when it stops. Pure code.
 *
 * @param instance names the process; never used by another one
 * @param sequence counts the process's heartbeats, so that a late or repeated one is known as such
 *     without a look at any clock
 * @param backend where it runs steps, as {@code local}
 * @param intervalMillis the next one comes within this time
 * @param stopping it is the last one
 * @param startedAt by the runner's clock, as {@code sentAt}
 */
public record Heartbeat(
    String runner,
    String instance,
    long sequence,
    String backend,
    String version,
    Amount capacity,
    Amount usage,
    Slots slots,
    long intervalMillis,
    boolean stopping,
    Instant startedAt,
    Instant sentAt) {
  /** What a runner's name may be: part of the name of a topic. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

  private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,200}");
  private static final long MAX_INTERVAL_MILLIS = 3_600_000;

  /**
   * Processors and memory.
   *
   * @param cpuMillis thousandths of a processor
   */
  public record Amount(long cpuMillis, long memoryBytes) {
    boolean isValid() {
      return cpuMillis >= 0 && memoryBytes >= 0;
    }
  }

  /** How many attempts run, and how many may at once. */
  public record Slots(int used, int total) {
    boolean isValid() {
      return used >= 0 && total >= 0;
    }
  }

  /** The key of the record that holds it. */
  public String key() {
    return runner + "/" + instance;
  }

  /** What makes it useless, or null. */
  public String fault() {
    if (runner == null || !NAME.matcher(runner).matches()) {
      return "it has no runner's name";
    }
    if (!isLine(instance) || !isLine(backend) || !isLine(version)) {
      return "instance, backend and version must each be a line of up to 200 characters";
    }
    if (capacity == null || usage == null || slots == null || startedAt == null) {
      return "capacity, usage, slots and startedAt must be there";
    }
    if (!capacity.isValid() || !usage.isValid() || !slots.isValid()) {
      return "capacity, usage and slots must not be negative";
    }
    return intervalMillis < 1 || intervalMillis > MAX_INTERVAL_MILLIS
        ? "intervalMillis must be from 1 to " + MAX_INTERVAL_MILLIS
        : null;
  }

  private static boolean isLine(String text) {
    return text != null && LINE.matcher(text).matches();
  }
}
