package dev.gantry.http.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer as it is stored. Pure code.
 *
 * @param body null = none, or one that may not be stored
 */
public record Answer(int status, Map<String, String> headers, String body) {
  private static final List<String> KEPT =
      List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG);

  /**
   * @param entity a text is JSON already
   */
  public static Answer of(
      int status, MultivaluedMap<String, Object> headers, Object entity, ObjectMapper json) {
    Map<String, String> kept = new LinkedHashMap<>();
    kept.put(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
    for (String name : KEPT) {
      Object value = headers.getFirst(name);
      if (value != null) {
        kept.put(name, value.toString());
      }
    }
    return new Answer(status, kept, text(entity, json));
  }

  Answer withoutBody() {
    return new Answer(status, headers, null);
  }

  private static String text(Object entity, ObjectMapper json) {
    try {
      return entity == null || entity instanceof String
          ? (String) entity
          : json.writeValueAsString(entity);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
