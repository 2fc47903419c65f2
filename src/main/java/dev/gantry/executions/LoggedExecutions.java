package dev.gantry.executions;

import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** What the log room needs to know of executions. Never blocks; answers on the caller's context. */
public interface LoggedExecutions {
  /** The execution, when it exists and is of this organization and kind. */
  Uni<Optional<LoggedExecution>> find(UUID organizationId, Kind kind, UUID executionId);

  /**
   * Completes once the execution is terminal; at once when it is already. Cancel to stop waiting.
   */
  Uni<Void> whenTerminal(UUID executionId);

  /** The front doors of one engine. */
  enum Kind {
    WORKFLOW("exec-"),
    TOOL("tool-exec-"),
    /** A turn of a conversation: one step, which an agent does. */
    CHAT("chat-exec-");

    /** Before the UUID of an execution of either kind that a webhook has started. */
    public static final String BY_WEBHOOK = "webhook-exec-";

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** What the API writes before the UUID. */
    public String prefix() {
      return prefix;
    }

    /** The id that a caller has written, in either of its forms; empty when it is none. */
    public Optional<UUID> parse(String text) {
      return Ids.parse(prefix, text).or(() -> Ids.parse(BY_WEBHOOK, text));
    }

    /** The id that a caller has written, of whatever kind. */
    static Optional<UUID> parseAny(String text) {
      return Arrays.stream(values()).flatMap(kind -> kind.parse(text).stream()).findFirst();
    }

    /** What the audit trail calls it, as {@code tool.execute}. */
    String action(String done) {
      return name().toLowerCase(Locale.ROOT) + "." + done;
    }
  }

  /**
   * @param status as the API shows it: {@code running}, {@code completed} …
   * @param logPartition the partition of the logs topic that holds all its lines
   */
  record LoggedExecution(
      UUID id, String status, boolean terminal, int logPartition, List<LoggedStep> steps) {}

  /**
   * @param attempt the last one that was started; 0 = none
   * @param lines of that attempt, as counted by the runner; meaningful once it ended
   */
  record LoggedStep(int index, String name, int attempt, long lines, long digest) {}
}
