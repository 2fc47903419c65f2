package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One watch: tells changes as the client's selectors have them, so that an object that no longer
 * matches is told as deleted. Events go out in the order of the writes.
 */
final class WatchStream {
  private final ObjectStore store;
  private final ApiRequest request;
  private final Kind kind;
  private final Predicate<JsonNode> selected;
  private final Consumer<String> out;
  private volatile Runnable end = () -> {};

  WatchStream(ObjectStore store, ApiRequest request, Consumer<String> out) {
    this.store = store;
    this.request = request;
    this.kind = request.kind();
    this.selected = Selectors.of(request, kind);
    this.out = out;
  }

  /** As the API server, tells within the stream that it cannot begin; the answer says whether. */
  boolean begin() {
    try {
      synchronized (store) {
        end = store.watch(since(), this::tell);
      }
      return true;
    } catch (ApiException e) {
      send("ERROR", e.status());
      return false;
    }
  }

  void bookmark() {
    if (!request.flag("allowWatchBookmarks")) {
      return;
    }
    synchronized (store) {
      ObjectNode object = Json.object();
      object.put("kind", kind.name()).put("apiVersion", kind.apiVersion());
      object.putObject("metadata").put("resourceVersion", Long.toString(store.revision()));
      send("BOOKMARK", object);
    }
  }

  void end() {
    end.run();
  }

  /** Without a version, or with 0, a watch first tells what there is. */
  private long since() {
    long version = request.number("resourceVersion").orElse(0L);
    if (version > 0) {
      return version;
    }
    ObjectStore.Listing now = store.list(kind, request.namespace());
    now.items().stream().filter(selected).forEach(object -> send("ADDED", object));
    return now.revision();
  }

  private void tell(Change change) {
    boolean here =
        change.kind().equals(kind)
            && (request.namespace().isEmpty() || request.namespace().equals(change.namespace()));
    if (!here) {
      return;
    }
    boolean was = change.before() != null && selected.test(change.before());
    boolean is = change.type() != Change.Type.DELETED && selected.test(change.object());
    if (is) {
      send(was ? "MODIFIED" : "ADDED", change.object());
    } else if (was) {
      send("DELETED", change.object());
    }
  }

  private void send(String type, ObjectNode object) {
    ObjectNode event = Json.object();
    event.put("type", type).set("object", object);
    out.accept(event.toString());
  }
}
