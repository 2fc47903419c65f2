package dev.gantry.tools;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Ids;
import java.util.UUID;

/** {@code source} of a list: a source's id. */
final class SourceParameter {
  private SourceParameter() {}

  /** Null when it was not given. */
  static UUID parse(String given) {
    return given == null
        ? null
        : Ids.parse("", given)
            .orElseThrow(() -> ApiException.invalid("source", "must be the uuid of a source"));
  }
}
