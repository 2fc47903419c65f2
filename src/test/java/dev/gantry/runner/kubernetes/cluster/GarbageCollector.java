package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** Deletes what is owned by what is gone, and holds owners back that want that done first. */
final class GarbageCollector {
  private static final List<Kind> OWNED =
      List.of(Kind.PODS, Kind.CONFIG_MAPS, Kind.SECRETS, Kind.JOBS);

  private final ObjectStore store;
  private final Consumer<Runnable> later;

  private record Dependent(Kind kind, ObjectNode object) {}

  /**
   * @param later runs something on the controllers' thread in a while: an owner is gone for some
   *     time before that is found out
   */
  GarbageCollector(ObjectStore store, Consumer<Runnable> later) {
    this.store = store;
    this.later = later;
  }

  /** On the controllers' thread. */
  void after(Change change) {
    ObjectNode object = change.object();
    if (change.type() == Change.Type.DELETED) {
      later.accept(() -> dependents(object).forEach(this::lose));
      owners(object).forEach(this::release);
    } else if (Json.isDeleting(object)) {
      release(change.kind(), object);
    } else if (change.type() == Change.Type.ADDED && isOrphan(object)) {
      delete(new Dependent(change.kind(), object));
    }
  }

  private void lose(Dependent dependent) {
    if (isOrphan(dependent.object)) {
      delete(dependent);
    }
  }

  private void release(JsonNode reference) {
    Kind.served(
            reference.path("apiVersion").asText().replaceFirst("/?v1$", ""),
            "v1",
            reference.path("kind").asText().toLowerCase(java.util.Locale.ROOT) + "s")
        .ifPresent(
            kind ->
                store
                    .find(
                        kind, reference.path("namespace").asText(), reference.path("name").asText())
                    .filter(owner -> Json.uid(owner).equals(reference.path("uid").asText()))
                    .filter(Json::isDeleting)
                    .ifPresent(owner -> release(kind, owner)));
  }

  private void release(Kind kind, ObjectNode owner) {
    List<Dependent> dependents = dependents(owner);
    if (Json.finalizers(owner).contains("orphan")) {
      dependents.forEach(dependent -> disown(dependent, owner));
      finish(kind, owner, "orphan");
    } else if (Json.finalizers(owner).contains("foregroundDeletion")) {
      dependents.forEach(this::delete);
      if (dependents(owner).isEmpty()) {
        finish(kind, owner, "foregroundDeletion");
      }
    }
  }

  private void finish(Kind kind, ObjectNode owner, String finalizer) {
    store.updateIfThere(
        kind,
        Json.namespace(owner),
        Json.name(owner),
        object -> Json.removeFinalizer(object, finalizer));
  }

  private void disown(Dependent dependent, ObjectNode owner) {
    store.updateIfThere(
        dependent.kind,
        Json.namespace(dependent.object),
        Json.name(dependent.object),
        object -> {
          ArrayNode left = Json.MAPPER.createArrayNode();
          for (JsonNode reference : object.at("/metadata/ownerReferences")) {
            if (!reference.path("uid").asText().equals(Json.uid(owner))) {
              left.add(reference);
            }
          }
          Json.meta(object).set("ownerReferences", left);
        });
  }

  private void delete(Dependent dependent) {
    synchronized (store) {
      store
          .find(dependent.kind, Json.namespace(dependent.object), Json.name(dependent.object))
          .filter(there -> Json.uid(there).equals(Json.uid(dependent.object)))
          .filter(there -> !Json.isDeleting(there))
          .ifPresent(
              there ->
                  store.delete(
                      dependent.kind,
                      Json.namespace(there),
                      Json.name(there),
                      Deletion.BACKGROUND));
    }
  }

  private List<Dependent> dependents(ObjectNode owner) {
    return OWNED.stream()
        .flatMap(
            kind ->
                store.list(kind, Json.namespace(owner)).items().stream()
                    .filter(object -> isOwnedBy(object, owner))
                    .map(object -> new Dependent(kind, object)))
        .toList();
  }

  private static boolean isOwnedBy(ObjectNode object, ObjectNode owner) {
    return owners(object).stream().anyMatch(o -> o.path("uid").asText().equals(Json.uid(owner)));
  }

  /** Has owners, none of which is there any more. */
  private boolean isOrphan(ObjectNode object) {
    List<JsonNode> owners = owners(object);
    return !owners.isEmpty() && owners.stream().noneMatch(this::isThere);
  }

  private boolean isThere(JsonNode reference) {
    return OWNED.stream()
        .filter(kind -> kind.name().equals(reference.path("kind").asText()))
        .flatMap(
            kind ->
                store
                    .find(
                        kind, reference.path("namespace").asText(), reference.path("name").asText())
                    .stream())
        .anyMatch(owner -> Json.uid(owner).equals(reference.path("uid").asText()));
  }

  /** The references, each with the namespace in which its owner must be. */
  private static List<JsonNode> owners(ObjectNode object) {
    List<JsonNode> owners = new java.util.ArrayList<>();
    for (JsonNode reference : object.at("/metadata/ownerReferences")) {
      owners.add(((ObjectNode) reference.deepCopy()).put("namespace", Json.namespace(object)));
    }
    return owners;
  }
}
