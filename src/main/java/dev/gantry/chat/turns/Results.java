package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.executions.AgentSteps;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.logs.StepLogs;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a model is told of a tool's end: what it put out, or why it failed with the last lines of
 * its log. What is longer than a result may be is cut in its middle, and says where the whole is.
 * Any thread, never blocks.
 */
@ApplicationScoped
class Results {
  private static final Duration LOG_PATIENCE = Duration.ofSeconds(3);
  private static final int LOG_BYTES = 4 << 10;

  private final StepLogs logs;
  private final ChatConfig config;

  Results(StepLogs logs, ChatConfig config) {
    this.logs = logs;
    this.config = config;
  }

  /** One that nothing was run for. */
  static Returned refused(Called call, String why) {
    return new Returned(call.callId(), call.tool(), why, true, false, null);
  }

  Uni<Returned> of(UUID organization, Called call, AgentSteps.Called ended) {
    if (ended.completed()) {
      return Uni.createFrom()
          .item(returned(call, ended, output(ended), false, ended.outputTruncated()));
    }
    return log(organization, ended.execution())
        .map(log -> returned(call, ended, failure(ended, log), true, false));
  }

  private static String output(AgentSteps.Called ended) {
    return ended.output() == null || ended.output().isEmpty()
        ? "(it completed and printed nothing)"
        : ended.output();
  }

  private static String failure(AgentSteps.Called ended, String log) {
    String error = ended.error() == null ? "" : ": " + ended.error();
    return "the tool " + ended.status().replace('_', ' ') + error + log;
  }

  /** Empty when nothing was printed. */
  private Uni<String> log(UUID organization, UUID execution) {
    return logs.whenStored(organization, Kind.TOOL, execution, LOG_PATIENCE)
        .chain(stored -> logs.read(execution, LOG_BYTES, 1))
        .map(
            printed ->
                printed.steps().stream()
                    .map(step -> new String(step.text(), StandardCharsets.UTF_8))
                    .filter(text -> !text.isBlank())
                    .map(text -> "\nIt printed at last:\n" + text.stripTrailing())
                    .collect(Collectors.joining()));
  }

  private Returned returned(
      Called call, AgentSteps.Called ended, String text, boolean failed, boolean truncated) {
    int most = (int) config.maxResult().asLongValue();
    int bytes = Fields.bytes(text);
    boolean tooLong = bytes > most;
    String kept = tooLong ? cut(text, most) : text;
    if (tooLong || truncated) {
      kept +=
          "\n(cut: the whole output is in GET /api/v1/tools/executions/%s/logs)"
              .formatted(ended.publicId());
    }
    return new Returned(
        call.callId(), call.tool(), kept, failed, tooLong || truncated, ended.publicId());
  }

  /** Its beginning and its end: three quarters of the bytes for the first. */
  static String cut(String text, int most) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int head = whole(bytes, most / 4 * 3);
    int tail = whole(bytes, bytes.length - most / 4);
    return new String(bytes, 0, head, StandardCharsets.UTF_8)
        + "\n… (%d bytes are left out) …\n".formatted(tail - head)
        + new String(bytes, tail, bytes.length - tail, StandardCharsets.UTF_8);
  }

  /** The next place at or before which no character is cut. */
  private static int whole(byte[] bytes, int at) {
    int place = at;
    while (place > 0 && (bytes[place] & 0xc0) == 0x80) {
      place--;
    }
    return place;
  }
}
