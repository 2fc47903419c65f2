package dev.gantry.http.limits;

import java.time.OffsetDateTime;

/**
 * A share of a subject's window that this process may use up.
 *
 * @param granted 0 when nothing is left
 * @param beyond what nobody has leased yet
 * @param resetsAt by the database's clock
 * @param endsNanos the same moment by {@link System#nanoTime}
 */
record Lease(int granted, int beyond, OffsetDateTime resetsAt, long endsNanos) {}
