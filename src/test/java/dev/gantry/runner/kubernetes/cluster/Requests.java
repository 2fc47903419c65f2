package dev.gantry.runner.kubernetes.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** All that clients asked of the API server, in the order of the answers. */
public final class Requests {
  private final List<Request> all = new CopyOnWriteArrayList<>();

  /**
   * {@code code} is 0 where the connection ended instead of an answer. {@code revision} is the
   * resourceVersion of a list that was answered, empty for all else.
   */
  public record Request(
      String user,
      String verb,
      String resource,
      String namespace,
      String name,
      Map<String, String> query,
      Instant at,
      int code,
      String revision,
      List<String> warnings) {

    boolean isRead() {
      return (verb.equals("get") || verb.equals("list")) && !resource.equals("pods/log");
    }
  }

  Requests() {}

  public List<Request> all() {
    return List.copyOf(all);
  }

  public List<Request> of(String verb, String resource) {
    return all.stream().filter(r -> r.verb.equals(verb) && r.resource.equals(resource)).toList();
  }

  public List<Request> where(Predicate<Request> wanted) {
    return all.stream().filter(wanted).toList();
  }

  /** Reads that no watch went on from: what a client asks that waits by asking again. */
  public List<Request> polls() {
    return where(r -> r.isRead() && !(r.verb.equals("list") && isWatchedFrom(r)));
  }

  /** What the API server had to remark, as a user of kubectl sees it. */
  public List<String> warnings() {
    return all.stream().flatMap(r -> r.warnings.stream()).toList();
  }

  public void clear() {
    all.clear();
  }

  void add(ApiRequest request, int code, String revision, List<String> warnings) {
    all.add(
        new Request(
            request.user(),
            request.verb(),
            request.resource(),
            request.namespace(),
            request.name(),
            request.query(),
            Instant.now(),
            code,
            revision,
            List.copyOf(warnings)));
  }

  private boolean isWatchedFrom(Request list) {
    return all.stream()
        .anyMatch(
            r ->
                r.verb.equals("watch")
                    && r.resource.equals(list.resource)
                    && r.user.equals(list.user)
                    && list.revision.equals(r.query.get("resourceVersion")));
  }
}
