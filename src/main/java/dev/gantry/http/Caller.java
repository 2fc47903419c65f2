package dev.gantry.http;

import java.util.UUID;

/** Who makes the current request; a request-scoped bean, to be injected. Event loop. */
public interface Caller {
  /**
   * The organization whose rows, and no others, the request may see. Null for a runner that serves
   * every organization, which reaches no route but those for runners.
   */
  UUID organizationId();

  /** The id of the API key. */
  UUID keyId();

  /** The name of the API key. */
  String name();

  Role role();

  /**
   * Whether the key's scopes allow changes in another group than the one that the request is for.
   *
   * @param group as {@code tools}
   */
  boolean mayChange(String group);

  /** The runner that a runner's key speaks for; null when it may speak for any. */
  String runner();

  /** The caller and the request, for who writes a change. */
  Actor actor();

  /** What a key may do. */
  enum Role {
    VIEWER,
    OPERATOR,
    ADMIN,
    /** Starts steps; has no part in what the others may do. */
    RUNNER;

    /** Each role but a runner's may do all that the one before it may. */
    boolean includes(Role required) {
      boolean forRunners = this == RUNNER || required == RUNNER;
      return forRunners ? this == required : compareTo(required) >= 0;
    }
  }
}
