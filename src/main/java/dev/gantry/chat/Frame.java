package dev.gantry.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.chat.turns.Entry.Answered;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Entry.Ended;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.chat.turns.Entry.Verdict;
import dev.gantry.chat.turns.Stored;
import dev.gantry.executions.LoggedExecutions.Kind;
import java.util.Optional;

/**
 * What a stream tells of an entry of a transcript: at most one frame for each, whose id is the
 * entry's number. So a stream that was cut goes on behind any frame, wherever. Pure code.
 *
 * @param last nothing follows it
 */
record Frame(int id, ObjectNode data, boolean last) {
  /** Empty for what is told to nobody. */
  static Optional<Frame> of(Stored stored) {
    ObjectNode data = data(stored);
    return data == null
        ? Optional.empty()
        : Optional.of(new Frame(stored.seq(), data, stored.entry() instanceof Ended));
  }

  private static ObjectNode data(Stored stored) {
    if (stored.entry() instanceof Answered answered) {
      String text = answered.answer().text();
      return text.isEmpty() ? null : typed("message").put("content", text);
    } else if (stored.entry() instanceof Called called) {
      return called(called);
    } else if (stored.entry() instanceof Decided decided) {
      return decided(decided);
    } else if (stored.entry() instanceof Returned returned) {
      return returned(returned);
    } else if (stored.entry() instanceof Ended ended) {
      return ended.status().equals("completed")
          ? typed("done")
          : typed("error").put("status", ended.status()).put("error", ended.error());
    }
    return null;
  }

  private static ObjectNode typed(String type) {
    return Stored.JSON.createObjectNode().put("type", type);
  }

  private static ObjectNode called(Called called) {
    ObjectNode frame = typed("tool_call").put("tool", called.tool());
    called.args().forEach(frame.putObject("args")::put);
    frame.put("call_id", called.callId());
    if (called.verdict() == Verdict.ASK) {
      frame.put("approval", "required");
    }
    if (called.execution() != null) {
      frame.put("execution_id", Kind.TOOL.prefix() + called.execution());
    }
    return frame;
  }

  private static ObjectNode decided(Decided decided) {
    ObjectNode frame = typed("approval").put("call_id", decided.callId());
    frame.put("approved", decided.approved()).put("by", decided.by());
    if (decided.comment() != null) {
      frame.put("comment", decided.comment());
    }
    if (decided.execution() != null) {
      frame.put("execution_id", Kind.TOOL.prefix() + decided.execution());
    }
    return frame;
  }

  private static ObjectNode returned(Returned returned) {
    ObjectNode frame = typed("tool_result").put("result", returned.text());
    frame.put("tool", returned.tool()).put("call_id", returned.callId());
    if (returned.failed()) {
      frame.put("failed", true);
    }
    if (returned.execution() != null) {
      frame.put("execution_id", returned.execution());
    }
    return frame;
  }

  /** As a server-sent event. */
  String text() {
    return "id: " + id + "\ndata: " + data + "\n\n";
  }
}
