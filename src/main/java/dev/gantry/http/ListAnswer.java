package dev.gantry.http;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page of a list, under the resource's own key.
 *
 * @param total how many there are in all
 */
public record ListAnswer<T>(String key, List<T> items, long total, Paging paging) {
  @JsonValue
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(key, items);
    fields.put("total", total);
    fields.put("limit", paging.limit());
    fields.put("offset", paging.offset());
    fields.put("has_more", paging.offset() + items.size() < total);
    return fields;
  }
}
