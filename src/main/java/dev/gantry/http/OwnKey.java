package dev.gantry.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses a body that holds the key of the call itself, as environments that are copied whole do:
 * what is stored of a body is stored in clear, and read by all who may read the organization's.
 * Only a secret may hold it. Event loop, never blocks.
 */
class OwnKey {
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  /** Before idempotency keys, which keep a fingerprint of the body. */
  private static final int FIRST = 1000;

  private final Bodies bodies;

  OwnKey(Bodies bodies) {
    this.bodies = bodies;
  }

  @ServerRequestFilter(priority = FIRST)
  Uni<Response> refuse(ContainerRequestContext request, RoutingContext context) {
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (!WITH_BODY.contains(request.getMethod())
        || isSecret(request)
        || OpenRoutes.isOpen(
            request.getMethod(), request.getUriInfo().getRequestUri().getRawPath())) {
      return Uni.createFrom().nullItem();
    }
    byte[] key = header.substring(header.indexOf(' ') + 1).trim().getBytes(UTF_8);
    return bodies
        .read(context)
        .map(
            body -> {
              if (holds(body, key)) {
                throw holdsKey();
              }
              request.setEntityStream(new ByteArrayInputStream(body));
              return null;
            });
  }

  private static boolean isSecret(ContainerRequestContext request) {
    return Authentication.group(request).equals("secrets");
  }

  private static boolean holds(byte[] body, byte[] key) {
    int last = body.length - key.length;
    for (int at = 0; at <= last; at++) {
      if (body[at] == key[0] && Arrays.equals(body, at, at + key.length, key, 0, key.length)) {
        return true;
      }
    }
    return false;
  }

  private static ApiException holdsKey() {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        "The body holds the API key of this call, which would be stored in clear: make it a secret"
            + " with POST /secrets, and name that in 'secrets'",
        Map.of("field", "body", "error", "holds the API key of this call"));
  }
}
