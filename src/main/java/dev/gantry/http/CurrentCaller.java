package dev.gantry.http;

import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;

/** The caller of the request at hand; {@link Authentication} fills it in. */
@RequestScoped
class CurrentCaller implements Caller {
  private ApiKey key;

  void is(ApiKey valid) {
    key = valid;
  }

  /** Null before authentication and on public routes. */
  String nameOrNull() {
    return key == null ? null : key.name;
  }

  private ApiKey key() {
    if (key == null) {
      throw new IllegalStateException("this route is public and has no caller");
    }
    return key;
  }

  @Override
  public UUID organizationId() {
    return key().organizationId;
  }

  @Override
  public String name() {
    return key().name;
  }

  @Override
  public Role role() {
    return Role.valueOf(key().role);
  }
}
