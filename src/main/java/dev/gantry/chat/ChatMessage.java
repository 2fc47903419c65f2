package dev.gantry.chat;

import dev.gantry.executions.LoggedExecutions.Kind;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What was said, and by whom. */
@Schema(name = "ChatMessage")
record ChatMessage(
    String id,
    @Schema(enumeration = {"user", "assistant"}) String role,
    String content,
    Instant timestamp,
    UUID sessionId,
    String executionId) {
  static ChatMessage of(Row row) {
    return new ChatMessage(
        "msg-" + row.getUUID("id"),
        row.getString("role"),
        row.getString("content"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getUUID("session_id"),
        Kind.CHAT.prefix() + row.getUUID("execution_id"));
  }
}
