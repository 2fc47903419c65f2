package dev.gantry.executions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.TraceReader.Trace;
import dev.gantry.executions.TraceReader.Traced;
import dev.gantry.platform.TraceContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A trace as spans of OpenTelemetry: the JSON body of an {@code ExportTraceServiceRequest}, which a
 * collector takes at {@code /v1/traces} (OTLP 1.x). One span is the execution's, one each attempt's
 * of a step, from its start to its end; one that has not ended is left out. An execution that does
 * a step of another one is in that attempt's span, one that a traced request asked for in the
 * request's. Pure code.
 */
final class TraceSpans {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int INTERNAL = 1;
  private static final int OK = 1;
  private static final int ERROR = 2;

  private static final Set<String> UNDER_WAY =
      Set.of(StepStatus.QUEUED.text(), StepStatus.RUNNING.text());

  /** What is repeated went well. */
  private static final Set<String> WELL =
      Set.of(StepStatus.COMPLETED.text(), StepStatus.REPEATING.text());

  private final Execution execution;
  private final ArrayNode spans = JSON.arrayNode();

  private TraceSpans(Execution execution) {
    this.execution = execution;
  }

  static ObjectNode of(Trace trace) {
    TraceSpans all = new TraceSpans(trace.execution());
    all.add(trace.transitions());
    ObjectNode document = JSON.objectNode();
    ObjectNode resource = document.putArray("resourceSpans").addObject();
    attribute(resource.putObject("resource").putArray("attributes"), "service.name", "gantry");
    ObjectNode scope = resource.putArray("scopeSpans").addObject();
    scope.putObject("scope").put("name", "dev.gantry.executions");
    scope.set("spans", all.spans);
    return document;
  }

  private void add(List<Traced> transitions) {
    TreeMap<Integer, Traced> begun = new TreeMap<>();
    for (Traced traced : transitions) {
      Transition moved = traced.transition();
      if (moved.step() == null) {
        if (ExecutionStatus.of(moved.after()).terminal()) {
          addExecution(transitions.get(0).at(), traced.at(), moved.after());
        }
      } else if (UNDER_WAY.contains(moved.after())) {
        begun.put(moved.step(), traced);
      } else if (UNDER_WAY.contains(moved.before())) {
        Traced begin = begun.remove(moved.step());
        if (hasRun(begin.transition(), moved)) {
          addAttempt(moved, begin.at(), traced.at());
        }
      }
    }
  }

  /** The start may have been told with the end alone; what a runner gives back goes back one. */
  private static boolean hasRun(Transition begin, Transition end) {
    return begin.after().equals(StepStatus.RUNNING.text())
        || (begin.attempt() == end.attempt() && !end.after().equals(StepStatus.CANCELLED.text()));
  }

  private void addExecution(Instant from, Instant to, String status) {
    Acceptance accepted = execution.accepted();
    TraceContext place = SpanIds.ofExecution(accepted);
    String above = accepted.cause() == null ? null : accepted.cause().spanId();
    ObjectNode span = span(place, above, accepted.definition().name(), from, to);
    ArrayNode attributes = span.putArray("attributes");
    attribute(attributes, "gantry.execution.id", accepted.publicId());
    attribute(attributes, "gantry.execution.status", status);
    attribute(attributes, "gantry.runner", accepted.runner());
    status(span, status, execution.error());
  }

  private void addAttempt(Transition moved, Instant from, Instant to) {
    Acceptance accepted = execution.accepted();
    TraceContext place = SpanIds.ofAttempt(accepted, moved.step(), moved.attempt());
    // The attempt that ends here; the step may be on its way to the next one.
    String name = execution.definition(moved.step()).name();
    ObjectNode span = span(place, SpanIds.ofExecution(accepted).spanId(), name, from, to);
    ArrayNode attributes = span.putArray("attributes");
    attribute(attributes, "gantry.step", name);
    attribute(attributes, "gantry.attempt", Integer.toString(moved.attempt()));
    attribute(attributes, "gantry.step.status", moved.after());
    status(span, moved.after(), null);
  }

  /**
   * @param above the span that it is in; null = none
   */
  private ObjectNode span(TraceContext place, String above, String name, Instant from, Instant to) {
    ObjectNode span =
        spans
            .addObject()
            .put("traceId", place.traceId())
            .put("spanId", place.spanId())
            .put("name", name)
            .put("kind", INTERNAL)
            .put("startTimeUnixNano", nanos(from))
            .put("endTimeUnixNano", nanos(to));
    return above == null ? span : span.put("parentSpanId", above);
  }

  private static void status(ObjectNode span, String status, String error) {
    ObjectNode told = span.putObject("status").put("code", WELL.contains(status) ? OK : ERROR);
    if (error != null) {
      told.put("message", error);
    }
  }

  private static void attribute(ArrayNode attributes, String key, String value) {
    attributes.addObject().put("key", key).putObject("value").put("stringValue", value);
  }

  /** As a decimal text, which is how 64 bits are written in this JSON. */
  private static String nanos(Instant time) {
    return time.getEpochSecond() + String.format("%09d", time.getNano());
  }
}
