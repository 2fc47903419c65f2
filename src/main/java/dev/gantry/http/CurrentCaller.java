package dev.gantry.http;

import dev.gantry.http.idempotency.Reservation;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;

/** The caller of the request at hand; {@link Authentication} fills it in. */
@RequestScoped
class CurrentCaller implements Caller {
  private final RoutingContext request;
  private CallerKey key;
  private Reservation reservation;

  CurrentCaller(RoutingContext request) {
    this.request = request;
  }

  void is(CallerKey valid) {
    key = valid;
  }

  void reserves(Reservation held) {
    reservation = held;
  }

  /** Of the request's idempotency key; null when it has none. */
  Reservation reservation() {
    return reservation;
  }

  /** Null before authentication and on public routes. */
  String nameOrNull() {
    return key == null ? null : key.name();
  }

  private CallerKey key() {
    if (key == null) {
      throw new IllegalStateException("this route is public and has no caller");
    }
    return key;
  }

  @Override
  public UUID organizationId() {
    return key().organizationId();
  }

  @Override
  public Actor actor() {
    return new Actor(
        organizationId(),
        keyId(),
        name(),
        RequestIds.of(request),
        reservation,
        Actor.traceOf(request));
  }

  @Override
  public String name() {
    return key().name();
  }

  @Override
  public UUID keyId() {
    return key().id();
  }

  @Override
  public String runner() {
    return key().runner();
  }

  @Override
  public Role role() {
    return key().role();
  }

  @Override
  public boolean mayChange(String group) {
    return key().scopes().allow(group, false);
  }
}
