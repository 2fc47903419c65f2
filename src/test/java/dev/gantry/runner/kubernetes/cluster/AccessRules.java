package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;

/** A Role bound to whoever asks: what no rule of it allows is forbidden. */
final class AccessRules {
  private volatile Role role;
  private volatile String namespace;

  /** Until this is called all is allowed. */
  void bind(Role bound, String boundIn) {
    namespace = boundIn;
    role = bound;
  }

  void check(ApiRequest request) {
    Role bound = role;
    if (bound == null) {
      return;
    }
    boolean allowed =
        request.namespace().equals(namespace)
            && bound.getRules().stream().anyMatch(rule -> allows(rule, request));
    if (!allowed) {
      throw new ApiException(403, "Forbidden", refusal(request));
    }
  }

  private static boolean allows(PolicyRule rule, ApiRequest request) {
    // a rule with names allows nothing that is not about one name
    boolean named =
        rule.getResourceNames().isEmpty() || rule.getResourceNames().contains(request.name());
    return named
        && contains(rule.getApiGroups(), request.group())
        && contains(rule.getResources(), request.resource())
        && contains(rule.getVerbs(), request.verb());
  }

  private static boolean contains(List<String> allowed, String asked) {
    return allowed.contains("*") || allowed.contains(asked);
  }

  private static String refusal(ApiRequest request) {
    String plural = request.resource();
    String qualified = request.group().isEmpty() ? plural : plural + "." + request.group();
    return "%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" in the namespace \"%s\""
        .formatted(
            qualified,
            request.name().isEmpty() ? "" : " \"" + request.name() + "\"",
            request.user(),
            request.verb(),
            plural,
            request.group(),
            request.namespace());
  }
}
