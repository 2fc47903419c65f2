package dev.gantry.chat;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A conversation with an agent. */
@Schema(name = "ChatSession")
record ChatSession(
    UUID sessionId,
    Instant createdAt,
    @Schema(description = "When something was last said") Instant updatedAt,
    long messages) {
  static ChatSession of(Row row) {
    return new ChatSession(
        row.getUUID("id"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        row.getLong("messages"));
  }
}
