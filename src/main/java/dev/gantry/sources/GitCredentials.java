package dev.gantry.sources;

import java.util.List;

/**
 * Who a fetch is made as. Held for the time of one fetch; no message, log line or {@code toString}
 * ever has a value of it.
 */
sealed interface GitCredentials {
  /** For public repositories. */
  GitCredentials NONE = new None();

  /** A token over https, as the well-known forges take it: they ignore the user's name. */
  static GitCredentials token(String token) {
    return new Https("x-access-token", token);
  }

  /** Nobody. */
  record None() implements GitCredentials {}

  /**
   * A user over https; sent only to the host that the source's address names.
   *
   * @param password or token
   */
  record Https(String user, String password) implements GitCredentials {
    @Override
    public String toString() {
      return "https credentials";
    }
  }

  /**
   * A key over ssh.
   *
   * @param privateKey as OpenSSH or PEM text
   * @param passphrase of the key; null = it has none
   * @param hostKeys the host's public keys, one each as {@code ssh-ed25519 AAAA…}; empty = those of
   *     {@code gantry.sources.known-hosts}
   */
  record Ssh(String privateKey, String passphrase, List<String> hostKeys)
      implements GitCredentials {
    @Override
    public String toString() {
      return "ssh credentials";
    }
  }
}
