package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The objects, their history and who watches it: what etcd and the API server's registry are. One
 * lock over all; listeners are called under it, in the order of the writes, and must not block. An
 * object that was handed out is never changed: a write stores a copy.
 */
final class ObjectStore {
  private static final int KEPT_CHANGES = 4000;

  private final Map<Kind, Map<Key, ObjectNode>> objects = new HashMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private long revision = 1;
  private long forgotten = 1;

  private record Key(String namespace, String name) implements Comparable<Key> {
    static Key of(ObjectNode object) {
      return new Key(Json.namespace(object), Json.name(object));
    }

    @Override
    public int compareTo(Key other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }

  /** Items in the order of their names, as of this revision. */
  record Listing(long revision, List<ObjectNode> items) {}

  /** A change of an object in place; may refuse by an {@link ApiException}. */
  interface Edit {
    void apply(ObjectNode object);
  }

  synchronized long revision() {
    return revision;
  }

  synchronized Optional<ObjectNode> find(Kind kind, String namespace, String name) {
    return Optional.ofNullable(of(kind).get(new Key(namespace, name)));
  }

  ObjectNode get(Kind kind, String namespace, String name) {
    return find(kind, namespace, name).orElseThrow(() -> ApiException.notFound(kind, name));
  }

  /** An empty namespace is all of them. */
  synchronized Listing list(Kind kind, String namespace) {
    return new Listing(
        revision,
        of(kind).entrySet().stream()
            .filter(e -> namespace.isEmpty() || e.getKey().namespace.equals(namespace))
            .map(Map.Entry::getValue)
            .toList());
  }

  /** Of an object that has its defaults. */
  synchronized ObjectNode create(Kind kind, ObjectNode wanted) {
    ObjectNode object = wanted.deepCopy();
    if (of(kind).containsKey(Key.of(object))) {
      throw ApiException.alreadyExists(kind, Json.name(object));
    }
    Json.meta(object).put("creationTimestamp", Json.now()).put("generation", 1);
    return put(kind, object, null);
  }

  /** Writes what {@code edit} makes of a copy; writes nothing where that changes nothing. */
  synchronized ObjectNode update(Kind kind, String namespace, String name, Edit edit) {
    ObjectNode before = get(kind, namespace, name);
    ObjectNode object = before.deepCopy();
    edit.apply(object);
    if (object.equals(before)) {
      return before;
    }
    if (!object.path("spec").equals(before.path("spec"))) {
      Json.meta(object).put("generation", before.at("/metadata/generation").asLong() + 1);
    }
    return isGone(object) ? remove(kind, object, before) : put(kind, object, before);
  }

  /** As {@link #update}, of what may be gone already. */
  synchronized Optional<ObjectNode> updateIfThere(
      Kind kind, String namespace, String name, Edit edit) {
    return find(kind, namespace, name).map(there -> update(kind, namespace, name, edit));
  }

  /** Removes it, or marks it where a finalizer or a grace period stands against that. */
  synchronized ObjectNode delete(Kind kind, String namespace, String name, Deletion deletion) {
    ObjectNode before = get(kind, namespace, name);
    deletion
        .uid()
        .filter(uid -> !uid.equals(Json.uid(before)))
        .ifPresent(uid -> refuse(kind, name, "the UID in the precondition", uid));
    deletion
        .resourceVersion()
        .filter(version -> !version.equals(before.at("/metadata/resourceVersion").asText()))
        .ifPresent(
            version -> refuse(kind, name, "the ResourceVersion in the precondition", version));
    ObjectNode object = before.deepCopy();
    mark(object, deletion, kind.equals(Kind.PODS) ? grace(object, deletion) : 0);
    if (object.equals(before)) {
      return before;
    }
    return isGone(object) ? remove(kind, object, before) : put(kind, object, before);
  }

  /** What was written after this revision, and all that will be; the answer ends it. */
  synchronized Runnable watch(long since, Consumer<Change> listener) {
    if (since < forgotten) {
      throw ApiException.expired("too old resource version: %d (%d)".formatted(since, forgotten));
    }
    history.stream().filter(change -> change.revision() > since).forEach(listener);
    return listen(listener);
  }

  /** All that will be written from now on. */
  synchronized Runnable listen(Consumer<Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Forgets the history, as etcd does after some minutes: no watch can begin in it any more. */
  synchronized void compact() {
    revision++;
    forgotten = revision;
    history.clear();
  }

  private static void refuse(Kind kind, String name, String what, String wanted) {
    throw ApiException.conflict(
        kind, name, "Precondition failed: " + what + " is " + wanted + ", the object has another");
  }

  private static long grace(ObjectNode pod, Deletion deletion) {
    boolean ended = pod.at("/status/phase").asText().matches("Succeeded|Failed");
    if (ended || !pod.path("spec").hasNonNull("nodeName")) {
      return 0;
    }
    long usual = pod.at("/spec/terminationGracePeriodSeconds").asLong(30);
    return deletion.gracePeriodSeconds().orElse(usual);
  }

  private static void mark(ObjectNode object, Deletion deletion, long grace) {
    ObjectNode meta = Json.meta(object);
    boolean sooner = grace < meta.path("deletionGracePeriodSeconds").asLong(Long.MAX_VALUE);
    if (!Json.isDeleting(object) || sooner) {
      meta.put("deletionTimestamp", Json.time(Instant.now().plusSeconds(grace)))
          .put("deletionGracePeriodSeconds", grace);
    }
    String propagation = deletion.propagation().orElse("Background");
    if (propagation.equals("Foreground")) {
      Json.addFinalizer(object, "foregroundDeletion");
    } else if (propagation.equals("Orphan")) {
      Json.addFinalizer(object, "orphan");
    }
  }

  private static boolean isGone(ObjectNode object) {
    return Json.isDeleting(object)
        && Json.finalizers(object).isEmpty()
        && object.at("/metadata/deletionGracePeriodSeconds").asLong(0) == 0;
  }

  private ObjectNode put(Kind kind, ObjectNode object, ObjectNode before) {
    Json.meta(object).put("resourceVersion", Long.toString(++revision));
    of(kind).put(Key.of(object), object);
    Change.Type type = before == null ? Change.Type.ADDED : Change.Type.MODIFIED;
    tell(new Change(revision, type, kind, object, before));
    return object;
  }

  private ObjectNode remove(Kind kind, ObjectNode object, ObjectNode before) {
    Json.meta(object).put("resourceVersion", Long.toString(++revision));
    of(kind).remove(Key.of(object));
    tell(new Change(revision, Change.Type.DELETED, kind, object, before));
    return object;
  }

  private void tell(Change change) {
    history.add(change);
    if (history.size() > KEPT_CHANGES) {
      forgotten = history.remove().revision();
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  private Map<Key, ObjectNode> of(Kind kind) {
    return objects.computeIfAbsent(kind, k -> new TreeMap<>());
  }
}
