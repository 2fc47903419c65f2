package dev.gantry.http;

import dev.gantry.http.idempotency.Reservation;
import dev.gantry.platform.TraceContext;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/**
 * Who changes something, carried from the request to where the change is written. Pure code.
 *
 * @param organization whose rows, and no others, may be seen and changed
 * @param keyId of the API key; null when it is no caller but Gantry itself
 * @param name of the API key, or of what in Gantry does it
 * @param requestId as the header {@code X-Request-Id}; empty when there is no request
 * @param reservation of the request's idempotency key; null when it has none
 * @param trace where in a trace it is asked for; null = nowhere
 */
public record Actor(
    UUID organization,
    UUID keyId,
    String name,
    String requestId,
    Reservation reservation,
    TraceContext trace) {

  /** The same for an organization: a runner that serves all of them acts in each. */
  public Actor in(UUID organization) {
    return new Actor(organization, keyId, name, requestId, reservation, trace);
  }

  /** Something in Gantry that a request without a key has set off. */
  public static Actor of(UUID organization, String name, RoutingContext request) {
    return new Actor(organization, null, name, RequestIds.of(request), null, traceOf(request));
  }

  /** Gantry itself, for work that nobody asks for at the moment. */
  public static Actor system(UUID organization, String name) {
    return system(organization, name, null);
  }

  /** The same, for a place in a trace. */
  public static Actor system(UUID organization, String name, TraceContext trace) {
    return new Actor(organization, null, name, "", null, trace);
  }

  static TraceContext traceOf(RoutingContext request) {
    return TraceContext.parse(request.request().getHeader(TraceContext.HEADER)).orElse(null);
  }
}
