package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The verbs that are answered at once, over the store; watches and logs are streams. */
final class RestApi {
  private final ObjectStore store;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  /** {@code body} is sent as it is. */
  record Answer(int code, ObjectNode body, List<String> warnings) {
    static Answer ok(ObjectNode body) {
      return new Answer(200, body, List.of());
    }
  }

  private record Page(long revision, List<ObjectNode> left) {}

  RestApi(ObjectStore store) {
    this.store = store;
  }

  Answer answer(ApiRequest request) {
    Kind kind = request.kind();
    String subresource = request.subresource();
    if (!subresource.isEmpty()
        && !(subresource.equals("status") && !request.verb().equals("create"))) {
      throw new ApiException(404, "NotFound", "the server could not find the requested resource");
    }
    return switch (request.verb()) {
      case "get" -> Answer.ok(store.get(kind, request.namespace(), request.name()));
      case "list" -> Answer.ok(list(request, kind));
      case "create" -> create(request, kind);
      case "update" -> update(request, kind);
      case "patch" -> patch(request, kind);
      case "delete" -> delete(request, kind);
      case "deletecollection" -> deleteAll(request, kind);
      default -> throw new ApiException(405, "MethodNotAllowed", request.verb());
    };
  }

  /** Lists that are not read to their end begin anew with a 410. */
  void expire() {
    pages.clear();
  }

  private ObjectNode list(ApiRequest request, Kind kind) {
    long atLeast = request.number("resourceVersion").orElse(0L);
    if (atLeast > store.revision()) {
      throw ApiException.of(
          504,
          "Too large resource version: %d, current: %d".formatted(atLeast, store.revision()),
          1);
    }
    Page page = request.parameter("continue").map(this::next).orElseGet(() -> first(request, kind));
    int limit =
        request.number("limit").filter(n -> n > 0).orElse((long) Integer.MAX_VALUE).intValue();
    List<ObjectNode> left = page.left;
    ObjectNode list = Json.object();
    list.put("kind", kind.name() + "List").put("apiVersion", kind.apiVersion());
    ObjectNode meta = list.putObject("metadata");
    meta.put("resourceVersion", Long.toString(page.revision));
    ArrayNode items = list.putArray("items");
    left.stream().limit(limit).forEach(items::add);
    if (left.size() > limit) {
      String token = UUID.randomUUID().toString();
      pages.put(token, new Page(page.revision, left.subList(limit, left.size())));
      meta.put("continue", token).put("remainingItemCount", left.size() - limit);
    }
    return list;
  }

  private Page next(String token) {
    Page page = pages.get(token);
    if (page == null) {
      throw ApiException.expired(
          "The provided continue parameter is too old to display a consistent list result. You can"
              + " start a new list without the continue parameter.");
    }
    return page;
  }

  private Page first(ApiRequest request, Kind kind) {
    Predicate<JsonNode> selected = Selectors.of(request, kind);
    ObjectStore.Listing all = store.list(kind, request.namespace());
    return new Page(all.revision(), all.items().stream().filter(selected).toList());
  }

  private Answer create(ApiRequest request, Kind kind) {
    ObjectNode object = body(request);
    String namespace = object.at("/metadata/namespace").asText(request.namespace());
    if (!namespace.equals(request.namespace())) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    List<String> warnings = Admission.decode(request, kind, object);
    Defaults.fill(kind, object, namespace);
    Admission.check(kind, object);
    boolean dry = request.parameter("dryRun").isPresent();
    return new Answer(201, dry ? object : store.create(kind, object), warnings);
  }

  private Answer update(ApiRequest request, Kind kind) {
    ObjectNode wanted = body(request);
    List<String> warnings = Admission.decode(request, kind, wanted);
    return new Answer(200, write(request, kind, object -> wanted), warnings);
  }

  private Answer patch(ApiRequest request, Kind kind) {
    JsonNode patch = tree(request);
    List<String> warnings = new ArrayList<>();
    ObjectNode written =
        write(
            request,
            kind,
            object -> {
              ObjectNode patched = Patches.apply(request.contentType(), patch, object.deepCopy());
              warnings.addAll(Admission.decode(request, kind, patched));
              return patched;
            });
    return new Answer(200, written, warnings);
  }

  private interface Rewrite {
    ObjectNode of(ObjectNode object);
  }

  private ObjectNode write(ApiRequest request, Kind kind, Rewrite rewrite) {
    boolean status = request.subresource().equals("status");
    return store.update(
        kind,
        request.namespace(),
        request.name(),
        object -> {
          ObjectNode before = object.deepCopy();
          ObjectNode wanted = rewrite.of(object).deepCopy();
          String version = wanted.at("/metadata/resourceVersion").asText("");
          if (!version.isEmpty()
              && !version.equals(Json.meta(before).path("resourceVersion").asText())) {
            throw ApiException.conflict(
                kind,
                request.name(),
                "the object has been modified; please apply your changes to the latest version and"
                    + " try again");
          }
          if (status) {
            object.set("status", wanted.path("status").deepCopy());
            return;
          }
          object.removeAll();
          object.setAll(wanted);
          keep(object, before);
          Admission.check(kind, object);
          Admission.checkChange(kind, object, before);
        });
  }

  /** What a writer of an object has no say in. */
  private static void keep(ObjectNode object, ObjectNode before) {
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "generation",
            "resourceVersion",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      if (Json.meta(before).has(field)) {
        Json.meta(object).set(field, Json.meta(before).get(field));
      } else {
        Json.meta(object).remove(field);
      }
    }
    object.remove("status");
    if (before.has("status")) {
      object.set("status", before.get("status"));
    }
  }

  private Answer delete(ApiRequest request, Kind kind) {
    Deletion deletion = Deletion.of(request, options(request));
    // Jobs of batch/v1 leave their pods behind unless they are told not to
    boolean orphans = kind.equals(Kind.JOBS) && deletion.propagation().isEmpty();
    Deletion meant =
        orphans
            ? new Deletion(
                java.util.Optional.of("Orphan"),
                deletion.gracePeriodSeconds(),
                deletion.uid(),
                deletion.resourceVersion())
            : deletion;
    ObjectNode object = store.delete(kind, request.namespace(), request.name(), meant);
    boolean gone = store.find(kind, request.namespace(), request.name()).isEmpty();
    List<String> warnings =
        orphans
            ? List.of(
                "child pods are preserved by default when jobs are deleted; set"
                    + " propagationPolicy=Background to remove them or set"
                    + " propagationPolicy=Orphan to suppress this warning")
            : List.of();
    return new Answer(200, gone ? deleted(kind, object) : object, warnings);
  }

  private Answer deleteAll(ApiRequest request, Kind kind) {
    Deletion deletion = Deletion.of(request, options(request));
    first(request, kind).left.stream()
        .map(Json::name)
        .forEach(name -> store.delete(kind, request.namespace(), name, deletion));
    return Answer.ok(list(request, kind));
  }

  private static ObjectNode deleted(Kind kind, ObjectNode object) {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    status.putObject("metadata");
    status
        .putObject("details")
        .put("name", Json.name(object))
        .put("kind", kind.plural())
        .put("uid", Json.uid(object));
    return status;
  }

  private static JsonNode options(ApiRequest request) {
    return request.body().length == 0 ? Json.object() : tree(request);
  }

  private static ObjectNode body(ApiRequest request) {
    if (tree(request) instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the request's body is no object");
  }

  private static JsonNode tree(ApiRequest request) {
    try {
      return Json.MAPPER.readTree(request.body());
    } catch (IOException e) {
      throw ApiException.badRequest("the request's body is no JSON: " + e.getMessage());
    }
  }
}
