package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One write: {@code before} is null where the object was created, {@code object} is how it last was
 * where it was deleted. Both are never changed again.
 */
record Change(long revision, Type type, Kind kind, ObjectNode object, ObjectNode before) {
  enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  String namespace() {
    return Json.namespace(object);
  }
}
