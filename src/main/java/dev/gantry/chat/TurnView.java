package dev.gantry.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Transcript;
import dev.gantry.chat.turns.TurnStore.Known;
import dev.gantry.executions.ChatExecutions.Turn;
import dev.gantry.models.Usage;
import dev.gantry.platform.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A turn as the API shows it; absent fields are left out.
 *
 * @param usage like what follows it null in lists
 * @param awaiting the calls that wait for a person
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "ChatExecution",
    requiredProperties = {"execution_id", "status", "created_at", "agent", "runner"})
record TurnView(
    String executionId,
    @Schema(ref = "ExecutionStatus") String status,
    Instant createdAt,
    Instant completedAt,
    @Schema(ref = "Duration") String duration,
    @Schema(description = "The agent's name, or that of the step without one") String agent,
    @Schema(format = "uuid") UUID agentUuid,
    @Schema(format = "uuid") UUID sessionId,
    String runner,
    String response,
    String error,
    Taken usage,
    @JsonInclude(Include.NON_EMPTY) List<Awaiting> awaiting) {

  /**
   * @param cost in the unit of the configured prices; absent when the model has none
   */
  @JsonInclude(Include.NON_NULL)
  @Schema(
      name = "ChatUsage",
      requiredProperties = {"input_tokens", "output_tokens", "answers"})
  record Taken(
      long inputTokens,
      long outputTokens,
      BigDecimal cost,
      @Schema(description = "How often the model has answered") long answers) {}

  /** A call that a person is asked for. */
  @JsonInclude(Include.NON_NULL)
  @Schema(
      name = "ChatCall",
      requiredProperties = {"call_id", "tool", "args"})
  record Awaiting(
      String callId,
      String tool,
      Map<String, String> args,
      @Schema(description = "Of the rule that asks") String reason) {
    static Awaiting of(Called call) {
      return new Awaiting(call.callId(), call.tool(), call.args(), call.reason());
    }
  }

  static TurnView listed(Turn turn) {
    return of(turn, null, null, null, null);
  }

  static TurnView of(Turn turn, Known known, Transcript transcript) {
    Usage usage = transcript.usage();
    return of(
        turn,
        known == null ? null : known.agent(),
        known == null ? null : known.session(),
        new Taken(usage.inputTokens(), usage.outputTokens(), usage.cost(), transcript.answers()),
        turn.terminal() ? null : transcript.undecided().stream().map(Awaiting::of).toList());
  }

  private static TurnView of(
      Turn turn, UUID agent, UUID session, Taken usage, List<Awaiting> awaiting) {
    return new TurnView(
        turn.publicId(),
        turn.status(),
        turn.createdAt(),
        turn.completedAt(),
        turn.completedAt() == null
            ? null
            : Durations.format(positive(Duration.between(turn.createdAt(), turn.completedAt()))),
        turn.agent(),
        agent,
        session,
        turn.runner(),
        turn.response(),
        turn.error(),
        usage,
        awaiting);
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
