package dev.gantry.executions;

import dev.gantry.platform.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where executions and their steps' attempts are in a trace: in that of the request that asked for
 * them, else in one that is named as the execution. Made of their names, so that whoever tells of
 * one tells the same. Pure code.
 */
final class SpanIds {
  private SpanIds() {}

  static TraceContext ofExecution(Acceptance accepted) {
    return of(accepted, -1, 0);
  }

  static TraceContext ofAttempt(Acceptance accepted, int step, int attempt) {
    return of(accepted, step, attempt);
  }

  private static TraceContext of(Acceptance accepted, int step, int attempt) {
    TraceContext cause = accepted.cause();
    String spanId = spanId(accepted.id(), step, attempt);
    return cause == null
        ? new TraceContext(
            accepted.id().toString().replace("-", ""),
            spanId,
            accepted.saveTrace() ? TraceContext.RECORDED : TraceContext.NOT_RECORDED)
        : new TraceContext(cause.traceId(), spanId, cause.flags());
  }

  /** Never all zeros, as is required. */
  private static String spanId(UUID execution, int step, int attempt) {
    String name = execution + "/" + step + "/" + attempt;
    long id =
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII)).getMostSignificantBits();
    return String.format("%016x", id == 0 ? 1 : id);
  }
}
