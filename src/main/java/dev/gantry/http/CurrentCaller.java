package dev.gantry.http;

import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;

/** The caller of the request at hand; {@link Authentication} fills it in. */
@RequestScoped
class CurrentCaller implements Caller {
  private CallerKey key;

  void is(CallerKey valid) {
    key = valid;
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
}
