package dev.gantry.runner.kubernetes.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A request as RBAC sees it: {@code verb} is {@code create}, {@code get}, {@code list}, {@code
 * watch}, {@code update}, {@code patch}, {@code delete} or {@code deletecollection}; {@code
 * resource} is the plural, with its subresource as in {@code pods/log}. Namespace and name are
 * empty where the path has none.
 */
public record ApiRequest(
    String user,
    String verb,
    String group,
    String version,
    String resource,
    String namespace,
    String name,
    Map<String, String> query,
    String contentType,
    byte[] body) {

  /** Requests of this verb for this resource, for faults and counts. */
  public static Predicate<ApiRequest> matching(String verb, String resource) {
    return request -> request.verb.equals(verb) && request.resource.equals(resource);
  }

  static ApiRequest parse(
      String user,
      String method,
      String path,
      Map<String, String> query,
      String contentType,
      byte[] body) {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    boolean core = parts.get(0).equals("api");
    int at = core ? 2 : 3;
    if (parts.size() <= at || (!core && !parts.get(0).equals("apis"))) {
      throw new ApiException(404, "NotFound", "the server could not find the requested resource");
    }
    String namespace = "";
    if (parts.get(at).equals("namespaces") && parts.size() > at + 2) {
      namespace = parts.get(at + 1);
      at += 2;
    }
    String name = at + 1 < parts.size() ? parts.get(at + 1) : "";
    String resource = parts.get(at) + (at + 2 < parts.size() ? "/" + parts.get(at + 2) : "");
    return new ApiRequest(
        user,
        verb(method, name, query),
        core ? "" : parts.get(1),
        core ? parts.get(1) : parts.get(2),
        resource,
        namespace,
        name,
        query,
        contentType,
        body);
  }

  Kind kind() {
    String plural = resource.split("/", -1)[0];
    return Kind.served(group, version, plural)
        .orElseThrow(
            () ->
                new ApiException(
                    404, "NotFound", "the server could not find the requested resource"));
  }

  String subresource() {
    int slash = resource.indexOf('/');
    return slash < 0 ? "" : resource.substring(slash + 1);
  }

  boolean flag(String parameter) {
    String value = query.get(parameter);
    return value != null && (value.equals("true") || value.equals("1"));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  Optional<Long> number(String name) {
    try {
      return parameter(name).map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(name + ": not a number");
    }
  }

  private static String verb(String method, String name, Map<String, String> query) {
    boolean watch = "true".equals(query.get("watch")) || "1".equals(query.get("watch"));
    return switch (method) {
      case "GET" -> watch ? "watch" : name.isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      default -> throw new ApiException(405, "MethodNotAllowed", method + " is not supported");
    };
  }
}
