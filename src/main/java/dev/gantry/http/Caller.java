package dev.gantry.http;

import java.util.UUID;

/** Who makes the current request; a request-scoped bean, to be injected. Event loop. */
public interface Caller {
  /** The organization whose rows, and no others, the request may see. */
  UUID organizationId();

  /** The id of the API key. */
  UUID keyId();

  /** The name of the API key. */
  String name();

  Role role();

  /** The caller and the request, for who writes a change. */
  Actor actor();

  /** What a key may do; each role may do all that the one before it may. */
  enum Role {
    VIEWER,
    OPERATOR,
    ADMIN
  }
}
