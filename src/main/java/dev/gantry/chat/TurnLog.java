package dev.gantry.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.chat.turns.Entry.Answered;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Entry.Ended;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.chat.turns.Stored;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.models.Usage;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A turn in lines, one for each entry of its transcript: what was asked, called and answered. What
 * its tools print is in their own logs. Pure code.
 *
 * @param next for the parameter {@code after}; absent when the page is empty
 */
@JsonInclude(Include.NON_NULL)
@Schema(
    name = "TurnLog",
    requiredProperties = {"logs", "has_more"})
record TurnLog(List<Line> logs, boolean hasMore, String next) {
  private static final int LONGEST = 200;

  /** One line. */
  @Schema(name = "TurnLogLine")
  record Line(
      String id,
      Instant timestamp,
      @Schema(enumeration = {"info", "warn"}) String level,
      String message) {
    static Line of(Stored stored) {
      return new Line(Integer.toString(stored.seq()), stored.at(), level(stored), told(stored));
    }

    private static String level(Stored stored) {
      boolean bad =
          (stored.entry() instanceof Returned returned && returned.failed())
              || (stored.entry() instanceof Ended ended && ended.error() != null);
      return bad ? "warn" : "info";
    }
  }

  /**
   * @param entries behind the last line that is known
   */
  static TurnLog of(List<Stored> entries, int limit) {
    List<Line> lines = entries.stream().limit(limit).map(Line::of).toList();
    return new TurnLog(
        lines, entries.size() > limit, lines.isEmpty() ? null : lines.get(lines.size() - 1).id());
  }

  private static String told(Stored stored) {
    if (stored.entry() instanceof Asked asked) {
      return "asked: " + line(asked.message());
    } else if (stored.entry() instanceof Prompted prompted) {
      String model = prompted.call().model();
      return "asks the model %s, which is told of %d tools"
          .formatted(model == null ? "by default" : model, prompted.tools().size());
    } else if (stored.entry() instanceof Answered answered) {
      Usage usage = answered.answer().usage();
      return "the model answers (%d tokens in, %d out): %s"
          .formatted(
              usage == null ? 0 : usage.inputTokens(),
              usage == null ? 0 : usage.outputTokens(),
              line(answered.answer().text()));
    } else if (stored.entry() instanceof Called called) {
      return called(called);
    } else if (stored.entry() instanceof Decided decided) {
      return "%s is %s by %s"
          .formatted(decided.callId(), decided.approved() ? "approved" : "rejected", decided.by());
    } else if (stored.entry() instanceof Returned returned) {
      return "%s returns: %s".formatted(returned.tool(), line(returned.text()));
    }
    Ended ended = (Ended) stored.entry();
    return ended.status() + (ended.error() == null ? "" : ": " + line(ended.error()));
  }

  private static String called(Called called) {
    String what = "calls %s with %s".formatted(called.tool(), line(called.args().toString()));
    return switch (called.verdict()) {
      case RUN -> what + " as " + Kind.TOOL.prefix() + called.execution();
      case ASK -> what + ", which a person decides as " + called.callId();
      case REFUSE -> what + ", which is refused: " + line(called.reason());
    };
  }

  /** The beginning, in one line without control characters. */
  private static String line(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}]+", " ");
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }
}
