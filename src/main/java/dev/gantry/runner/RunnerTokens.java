package dev.gantry.runner;

import java.util.List;
import java.util.Optional;

/**
 * What the names of a process prove themselves with to the API: each with one of its own, or all
 * with one that is set alike on the API.
 */
final class RunnerTokens {
  /** What a registration answers begins with this, and is one name's alone. */
  private static final String REGISTERED = "gtr_";

  private final List<String> names;
  private final List<String> tokens;

  /**
   * @throws IllegalStateException when a name would be without one, or with another's
   */
  RunnerTokens(List<String> names, List<String> tokens) {
    this.names = List.copyOf(names);
    this.tokens = List.copyOf(tokens);
    if (tokens.size() > 1 && tokens.size() != names.size()) {
      throw new IllegalStateException(
          "gantry.runner.token has %d tokens for the %d names %s: give one for each name, in their order, or one that is set alike on the API"
              .formatted(tokens.size(), names.size(), names));
    }
    if (tokens.size() == 1 && names.size() > 1 && tokens.get(0).startsWith(REGISTERED)) {
      throw new IllegalStateException(
          "gantry.runner.token is one token of a registration, which proves one runner, for the names %s: give one for each name, in their order"
              .formatted(names));
    }
  }

  /** Empty when nothing can be asked of the API. */
  Optional<String> of(String name) {
    return switch (tokens.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(tokens.get(0));
      default -> Optional.of(tokens.get(names.indexOf(name)));
    };
  }
}
