package dev.gantry.resources;

import dev.gantry.http.ApiException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Which resources of an organization a list shows, and in which order. What a caller gives is bound
 * as a parameter or chosen from a list; of it only numbers become part of the query's text. Pure
 * code; not for more than one thread.
 */
public final class ResourceQuery {
  private static final int MAX_FILTER_BYTES = 1024;
  private static final int SHORT = 2; // characters, for which there is no trigram

  /** The number stands in the text, so that a plan made for any filter knows how many pass. */
  private static final String SHORT_FILTER =
      " and cast(sql('? @> array[%d]', column(r.grams as String)) as Boolean) = true"
          + " and concat(column(r.search as String), '') like lower(:filter) escape '\\'";

  private static final String NEWEST_FIRST = "-created_at";
  private static final Map<String, String> SORTS =
      new TreeMap<>(Map.of("name", "name", "created_at", "createdAt", "updated_at", "updatedAt"));

  private final UUID organization;
  private final StringBuilder where = new StringBuilder("r.organizationId = :organization");
  private final Map<String, Object> parameters = new HashMap<>();
  private String sort = SORTS.get("created_at");
  private boolean descending = true;

  public ResourceQuery(UUID organization) {
    this.organization = organization;
    parameters.put("organization", organization);
  }

  /** Only those that have this text in what the resource is searched by, in either case. */
  public ResourceQuery filter(String text) {
    if (text != null && !text.isEmpty()) {
      new Fields().text("filter", text, MAX_FILTER_BYTES).check();
      parameters.put("filter", "%" + text.replaceAll("[\\\\%_]", "\\\\$0") + "%");
      where.append(
          text.codePointCount(0, text.length()) <= SHORT
              ? SHORT_FILTER.formatted(gram(text))
              : " and column(r.search as String) like lower(:filter) escape '\\'");
    }
    return this;
  }

  /** As the database's {@code short_grams} numbers a letter, or two side by side. */
  private static int gram(String text) {
    int[] letters = text.toLowerCase(Locale.ROOT).codePoints().toArray();
    return letters.length == 1 ? letters[0] : letters[0] << 16 ^ letters[1];
  }

  /** Only those whose {@code field} has this value; null does not select. */
  public ResourceQuery equal(String field, Object value) {
    if (value != null) {
      where.append(" and r.").append(field).append(" = :").append(field);
      parameters.put(field, value);
    }
    return this;
  }

  /** {@code sort} as the caller gives it; null = newest first. */
  public ResourceQuery sorted(String given) {
    String text = given == null ? NEWEST_FIRST : given;
    descending = text.startsWith("-");
    sort = SORTS.get(descending ? text.substring(1) : text);
    if (sort == null) {
      throw ApiException.invalid(
          "sort",
          "must be one of " + String.join(", ", SORTS.keySet()) + ", with - for descending");
    }
    return this;
  }

  UUID organization() {
    return organization;
  }

  <T> Mutiny.SelectionQuery<T> bind(Mutiny.SelectionQuery<T> statement) {
    parameters.forEach(statement::setParameter);
    return statement;
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  String count(Class<? extends Resource> type) {
    return "select count(*) from " + type.getSimpleName() + " r where " + where;
  }

  /**
   * One page, of {@code :size} rows behind {@code :skipped}. The ids come from an index alone; rows
   * are read for the page only.
   *
   * @param backwards in the opposite order, for a page that is nearer to the end
   */
  String page(Class<? extends Resource> type, boolean backwards) {
    String direction = descending != backwards ? " desc" : "";
    return """
        from %1$s r where r.id in (
          select r.id from %1$s r where %2$s
          order by r.%3$s%4$s, r.id%4$s limit :size offset :skipped)
        order by r.%3$s%4$s, r.id%4$s
        """
        .formatted(type.getSimpleName(), where, sort, direction);
  }
}
