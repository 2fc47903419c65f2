package dev.gantry.webhooks;

import dev.gantry.events.EventTypes;
import dev.gantry.resources.JsonColumn;
import io.vertx.mutiny.sqlclient.Row;
import java.util.List;
import java.util.UUID;

/**
 * Who is to be told of which events. Pure code.
 *
 * @param events types, in which {@code *} stands for any text
 * @param filter see {@link EventFilter}
 * @param destination the host and port that it leads to
 */
record Subscription(
    UUID id, UUID organization, List<String> events, String filter, String destination) {
  static Subscription of(Row row) {
    return new Subscription(
        row.getUUID("id"),
        row.getUUID("organization_id"),
        new JsonColumn.Texts().convertToEntityAttribute(row.getString("events")),
        row.getString("filter"),
        Destination.place(row.getString("destination")));
  }

  boolean wants(String type) {
    return events.stream().anyMatch(pattern -> EventTypes.matches(pattern, type));
  }
}
