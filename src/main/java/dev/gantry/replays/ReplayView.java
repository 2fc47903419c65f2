package dev.gantry.replays;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A replay as the API shows it; what is null is left out.
 *
 * @param topic the topic's full name, unless it goes to a webhook
 * @param events how many were told so far
 * @param error why not all were told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
    name = "EventReplay",
    requiredProperties = {"replay_id", "status", "events", "created_at"})
record ReplayView(
    UUID replayId,
    @Schema(enumeration = {"running", "completed", "failed"}) String status,
    String topic,
    String webhookUuid,
    List<String> types,
    String subject,
    long events,
    Instant createdAt,
    Instant completedAt,
    String error) {}
