package dev.gantry.executions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.Acceptance.Parent;
import dev.gantry.executions.TraceReader.Trace;
import dev.gantry.executions.TraceReader.Traced;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A trace as spans of OpenTelemetry: the JSON body of an {@code ExportTraceServiceRequest}, which a
 * collector takes at {@code /v1/traces} (OTLP 1.x). One span is the execution's, one each attempt's
 * of a step, from its start to its end; one that has not ended is left out. An execution that does
 * a step of another one links to that attempt's span. Pure code.
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
  private final String traceId;
  private final ArrayNode spans = JSON.arrayNode();

  private TraceSpans(Execution execution) {
    this.execution = execution;
    this.traceId = traceId(execution.accepted().id());
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
    ObjectNode span = span(spanId(accepted.id(), -1, 0), accepted.definition().name(), from, to);
    ArrayNode attributes = span.putArray("attributes");
    attribute(attributes, "gantry.execution.id", accepted.publicId());
    attribute(attributes, "gantry.execution.status", status);
    attribute(attributes, "gantry.runner", accepted.runner());
    status(span, status, execution.error());
    Parent parent = accepted.parent();
    if (parent != null) {
      span.putArray("links")
          .addObject()
          .put("traceId", traceId(parent.execution()))
          .put("spanId", spanId(parent.execution(), parent.step(), parent.attempt()));
    }
  }

  private void addAttempt(Transition moved, Instant from, Instant to) {
    UUID id = execution.accepted().id();
    // The attempt that ends here; the step may be on its way to the next one.
    String name = execution.definition(moved.step()).name();
    ObjectNode span = span(spanId(id, moved.step(), moved.attempt()), name, from, to);
    span.put("parentSpanId", spanId(id, -1, 0));
    ArrayNode attributes = span.putArray("attributes");
    attribute(attributes, "gantry.step", name);
    attribute(attributes, "gantry.attempt", Integer.toString(moved.attempt()));
    attribute(attributes, "gantry.step.status", moved.after());
    status(span, moved.after(), null);
  }

  private ObjectNode span(String spanId, String name, Instant from, Instant to) {
    return spans
        .addObject()
        .put("traceId", traceId)
        .put("spanId", spanId)
        .put("name", name)
        .put("kind", INTERNAL)
        .put("startTimeUnixNano", nanos(from))
        .put("endTimeUnixNano", nanos(to));
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

  private static String traceId(UUID execution) {
    return execution.toString().replace("-", "");
  }

  /** Never all zeros, as is required. */
  private static String spanId(UUID execution, int step, int attempt) {
    String name = execution + "/" + step + "/" + attempt;
    long id =
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII)).getMostSignificantBits();
    return String.format("%016x", id == 0 ? 1 : id);
  }
}
