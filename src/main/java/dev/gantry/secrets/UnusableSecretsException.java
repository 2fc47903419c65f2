package dev.gantry.secrets;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Some secrets that were asked for are not there, or have expired; the message names them all. */
public final class UnusableSecretsException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<String> missing;
  private final transient List<String> expired;

  UnusableSecretsException(List<String> missing, List<String> expired) {
    super(message(missing, expired), null, false, false);
    this.missing = missing;
    this.expired = expired;
  }

  private static String message(List<String> missing, List<String> expired) {
    return Stream.concat(
            missing.stream().map(name -> "no secret '" + name + "'"),
            expired.stream().map(name -> "the secret '" + name + "' has expired"))
        .collect(Collectors.joining("; "));
  }

  /** In the order in which they were asked for. */
  public List<String> missing() {
    return missing;
  }

  /** In the order in which they were asked for. */
  public List<String> expired() {
    return expired;
  }
}
