package dev.gantry.http;

import dev.gantry.http.Caller.Role;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets nobody in without a key. It runs before the route is matched, so that a route cannot be
 * forgotten and an unknown path tells a stranger nothing; {@link OpenRoutes} are the only ones that
 * need none. Reading needs a viewer's key, anything else an operator's; keys and the audit log are
 * for admins, and so is a change of runners, which get keys; a runner's key opens what is made for
 * runners, and nothing else does. The scopes of a key narrow that to groups of routes.
 */
class Authentication {
  private static final String SCHEME = "Bearer ";
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> FOR_ADMINS = Set.of("admin", "api-keys", "audit");
  private static final Set<String> CHANGED_BY_ADMINS = Set.of("runners");
  private static final String FOR_RUNNERS = "runner";

  private final ApiKeys keys;
  private final CurrentCaller caller;

  Authentication(ApiKeys keys, CurrentCaller caller) {
    this.keys = keys;
    this.caller = caller;
  }

  @ServerRequestFilter(preMatching = true, priority = 100)
  Uni<Response> authenticate(ContainerRequestContext request) {
    if (OpenRoutes.isOpen(request.getMethod(), request.getUriInfo().getRequestUri().getRawPath())) {
      return Uni.createFrom().nullItem();
    }
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      throw refused("An API key is required: send it as 'Authorization: Bearer <key>'");
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw refused("The Authorization header must be 'Bearer <key>'");
    }
    return keys.find(header.substring(SCHEME.length()).trim())
        .map(
            found -> {
              CallerKey key =
                  found.orElseThrow(
                      () -> refused("The API key is unknown, expired or has been revoked"));
              require(key, group(request), request.getMethod());
              caller.is(key);
              return null;
            });
  }

  /**
   * The first segment of the path below the API's base, without what stands behind a semicolon. The
   * path is decoded already: its segments, as the framework gives them, would be decoded again.
   */
  static String group(ContainerRequestContext request) {
    return Arrays.stream(request.getUriInfo().getPath().split("/", -1))
        .filter(segment -> !segment.isEmpty())
        .findFirst()
        .map(segment -> segment.replaceFirst(";.*", ""))
        .orElse("");
  }

  private static ApiException refused(String message) {
    return new ApiException(ErrorCode.AUTHENTICATION_ERROR, message, Map.of());
  }

  private static void require(CallerKey key, String group, String method) {
    boolean reads = READS.contains(method);
    Role required = required(group, reads);
    if (!key.role().includes(required)) {
      throw new ApiException(
          ErrorCode.AUTHORIZATION_ERROR,
          "This key has the role " + name(key.role()) + "; this needs the role " + name(required),
          Map.of("role", name(key.role()), "required", name(required)));
    }
    if (!key.scopes().allow(group, reads)) {
      throw new ApiException(
          ErrorCode.AUTHORIZATION_ERROR,
          "This key's scopes do not allow this",
          Map.of("scopes", key.scopes().texts(), "required", reads ? group + ":read" : group));
    }
  }

  private static Role required(String group, boolean reads) {
    if (FOR_RUNNERS.equals(group)) {
      return Role.RUNNER;
    }
    if (FOR_ADMINS.contains(group)) {
      return Role.ADMIN;
    }
    if (reads) {
      return Role.VIEWER;
    }
    return CHANGED_BY_ADMINS.contains(group) ? Role.ADMIN : Role.OPERATOR;
  }

  private static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
