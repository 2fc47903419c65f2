package dev.gantry.broker;

import dev.gantry.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a replay of dead letters.
 *
 * @param ids as the list of them shows
 */
record ReplayLetters(@Schema(minItems = 1, maxItems = 100) List<String> ids) {
  private static final int MOST = 100;

  /** Fails with what is wrong with it. */
  static List<LetterId> read(ReplayLetters body) {
    if (body == null || body.ids == null || body.ids.isEmpty() || body.ids.size() > MOST) {
      throw ApiException.invalid("ids", "must name 1 to " + MOST + " dead letters");
    }
    List<LetterId> ids = new ArrayList<>();
    for (String id : body.ids) {
      ids.add(
          LetterId.parse(id == null ? "" : id)
              .orElseThrow(
                  () -> ApiException.invalid("ids", "'" + id + "' is no id of a dead letter")));
    }
    return ids;
  }
}
