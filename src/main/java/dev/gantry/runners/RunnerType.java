package dev.gantry.runners;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a runner runs steps. */
enum RunnerType {
  KUBERNETES,
  DOCKER,
  LOCAL;

  static final List<String> NAMES = Arrays.stream(values()).map(RunnerType::text).toList();

  /** As the API and the runner's setting {@code gantry.runner.backend} name it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @param text one of {@link #NAMES}
   */
  static RunnerType of(String text) {
    return values()[NAMES.indexOf(text)];
  }
}
