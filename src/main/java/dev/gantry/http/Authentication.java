package dev.gantry.http;

import dev.gantry.http.Caller.Role;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets nobody in without a key. It runs before the route is matched, so that a route cannot be
 * forgotten and an unknown path tells a stranger nothing. Reading needs a viewer's key, anything
 * else an operator's.
 */
class Authentication {
  private static final String SCHEME = "Bearer ";
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  private final ApiKeys keys;
  private final CurrentCaller caller;

  Authentication(ApiKeys keys, CurrentCaller caller) {
    this.keys = keys;
    this.caller = caller;
  }

  @ServerRequestFilter(preMatching = true, priority = 100)
  Uni<Response> authenticate(ContainerRequestContext request) {
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
              ApiKey key =
                  found.orElseThrow(
                      () -> refused("The API key is unknown, expired or has been revoked"));
              require(Role.valueOf(key.role), request.getMethod());
              caller.is(key);
              return null;
            });
  }

  private static ApiException refused(String message) {
    return new ApiException(ErrorCode.AUTHENTICATION_ERROR, message, Map.of());
  }

  private static void require(Role role, String method) {
    if (role == Role.VIEWER && !READS.contains(method)) {
      throw new ApiException(
          ErrorCode.AUTHORIZATION_ERROR,
          "This key may only read; " + method + " needs the role operator",
          Map.of("role", "viewer", "required", "operator"));
    }
  }
}
