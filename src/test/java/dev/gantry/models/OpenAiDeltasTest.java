package dev.gantry.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The liberties that servers take which are compatible with OpenAI. */
class OpenAiDeltasTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The calls that are left of these deltas, as name, id and arguments. */
  private static List<String> calls(String... deltas) throws IOException {
    Deltas reading = new OpenAiDeltas();
    List<String> calls = new ArrayList<>();
    for (String delta : deltas) {
      for (ObjectNode frame : reading.of(frame(delta, null))) {
        assertThat(frame.at("/choices/0/delta").has("tool_calls")).isFalse();
      }
    }
    for (ObjectNode frame : reading.of(frame("{}", "tool_calls"))) {
      if (frame.at("/choices/0/finish_reason").isNull()) {
        ObjectNode call = (ObjectNode) frame.at("/choices/0/delta/tool_calls/0");
        assertThat(call.path("index").asInt()).isEqualTo(calls.size());
        calls.add(
            "%s %s %s"
                .formatted(
                    call.at("/function/name").asText(),
                    call.path("id").asText(),
                    call.at("/function/arguments").asText()));
      }
    }
    return calls;
  }

  private static ObjectNode frame(String delta, String finish) throws IOException {
    ObjectNode frame = JSON.createObjectNode();
    frame
        .putArray("choices")
        .addObject()
        .put("finish_reason", finish)
        .set("delta", JSON.readTree(delta));
    return frame;
  }

  @Test
  void severalCallsInOneDelta() throws IOException {
    assertThat(
            calls(
                """
                {"tool_calls": [
                  {"index": 0, "id": "a", "function": {"name": "x", "arguments": "{}"}},
                  {"index": 1, "id": "b", "function": {"name": "y", "arguments": "[]"}}]}
                """))
        .containsExactly("x a {}", "y b []");
  }

  @Test
  void callsThatNobodyCounts() throws IOException {
    assertThat(
            calls(
                "{\"tool_calls\": [{\"id\": \"a\", \"function\": {\"name\": \"x\"}}]}",
                "{\"tool_calls\": [{\"function\": {\"arguments\": \"{\"}}]}",
                "{\"tool_calls\": [{\"function\": {\"arguments\": \"}\"}}]}",
                "{\"tool_calls\": [{\"id\": \"b\", \"function\": {\"name\": \"y\"}}]}"))
        .containsExactly("x a {}", "y b ");
  }

  @Test
  void idsAndNamesThatAreRepeated() throws IOException {
    String again =
        "{\"tool_calls\": [{\"index\": 0, \"id\": \"a\","
            + " \"function\": {\"name\": \"x\", \"arguments\": \"1\"}}]}";

    assertThat(calls(again, again)).containsExactly("x a 11");
  }
}
