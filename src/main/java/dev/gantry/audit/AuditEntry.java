package dev.gantry.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.http.Actor;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * One thing that was done. Pure code.
 *
 * @param action {@code <kind>.<what was done>}, as {@code agent.update} or {@code secret.use}
 * @param kind of the resource, as {@code agent}
 * @param id of the resource, as the API shows it
 * @param name of the resource
 * @param detail more of it; never a value of a secret
 */
public record AuditEntry(
    Actor actor, String action, String kind, String id, String name, Map<String, Object> detail) {
  private static final ObjectMapper JSON = new ObjectMapper();

  String detailJson() {
    try {
      return JSON.writeValueAsString(detail);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
