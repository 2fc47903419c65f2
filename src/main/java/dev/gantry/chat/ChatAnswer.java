package dev.gantry.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What came of a message.
 *
 * @param response what the agent answers; absent unless the turn has completed
 * @param error why it has not completed
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "ChatAnswer",
    requiredProperties = {"execution_id", "created_at", "session_id", "status"})
record ChatAnswer(
    String response,
    String executionId,
    Instant createdAt,
    @Schema(format = "uuid") UUID sessionId,
    @Schema(ref = "ExecutionStatus") String status,
    String error) {}
