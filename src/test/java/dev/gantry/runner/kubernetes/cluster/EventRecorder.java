package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** Writes Events as the components of a cluster do: one that says the same again counts. */
final class EventRecorder {
  private final ObjectStore store;

  EventRecorder(ObjectStore store) {
    this.store = store;
  }

  /** {@code about} is the object that it happened to. */
  void normal(String component, Kind kind, ObjectNode about, String reason, String message) {
    write("Normal", component, kind, about, reason, message);
  }

  void warning(String component, Kind kind, ObjectNode about, String reason, String message) {
    write("Warning", component, kind, about, reason, message);
  }

  private void write(
      String type, String component, Kind kind, ObjectNode about, String reason, String message) {
    String text = "%s %s %s %s".formatted(type, Json.uid(about), reason, message);
    String key =
        UUID.nameUUIDFromBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
    String name = Json.name(about) + "." + key.replace("-", "").substring(0, 16);
    String namespace = Json.namespace(about);
    synchronized (store) {
      if (store.find(Kind.EVENTS, namespace, name).isPresent()) {
        store.update(Kind.EVENTS, namespace, name, EventRecorder::countAgain);
      } else {
        store.create(
            Kind.EVENTS, event(type, component, kind, about, reason, message, name, namespace));
      }
    }
  }

  private static void countAgain(ObjectNode event) {
    event.put("count", event.path("count").asInt() + 1).put("lastTimestamp", Json.now());
  }

  private static ObjectNode event(
      String type,
      String component,
      Kind kind,
      ObjectNode about,
      String reason,
      String message,
      String name,
      String namespace) {
    ObjectNode event = Json.object();
    event.put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", name)
        .put("namespace", namespace)
        .put("uid", UUID.randomUUID().toString());
    event
        .putObject("involvedObject")
        .put("kind", kind.name())
        .put("namespace", namespace)
        .put("name", Json.name(about))
        .put("uid", Json.uid(about))
        .put("apiVersion", kind.apiVersion())
        .put("resourceVersion", Json.meta(about).path("resourceVersion").asText());
    event.put("reason", reason).put("message", message).put("type", type);
    event.putObject("source").put("component", component);
    event.put("firstTimestamp", Json.now()).put("lastTimestamp", Json.now()).put("count", 1);
    return event.put("reportingComponent", component).put("reportingInstance", "");
  }
}
