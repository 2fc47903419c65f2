package dev.gantry.chat.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.agents.AgentPolicy;
import dev.gantry.chat.turns.Entry.Answered;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Budgets;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Entry.Kit;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.chat.turns.Entry.Verdict;
import dev.gantry.models.Message;
import dev.gantry.models.ModelAnswer;
import dev.gantry.models.ModelCall;
import dev.gantry.models.ToolCall;
import dev.gantry.models.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private static final Instant BEGAN = Instant.parse("2030-01-01T00:00:00Z");
  private static final Budgets BUDGETS =
      new Budgets(100, new BigDecimal("0.5"), Duration.ofMinutes(10), 2, 1);

  private final List<Stored> entries = new ArrayList<>();

  private TranscriptTest at(int minute, Entry entry) {
    // Through its stored form, as every entry goes.
    Entry kept = Stored.read(Stored.write(entry));
    entries.add(new Stored(entries.size() + 1, BEGAN.plus(Duration.ofMinutes(minute)), kept));
    return this;
  }

  private Transcript transcript() {
    return new Transcript(entries);
  }

  private static Prompted prompted() {
    ModelCall call = new ModelCall("m", List.of(new Message.User("hi")), List.of(), null, null);
    return new Prompted(
        call, "mark", List.of(), AgentPolicy.NONE, BUDGETS, new Kit(null, Map.of(), List.of()));
  }

  private static Answered answered(Usage usage, ToolCall... calls) {
    return new Answered(new ModelAnswer("t", List.of(calls), "stop", "m", usage));
  }

  private static Called asks(String id) {
    return new Called(id, "tool", Map.of(), Verdict.ASK, null, null);
  }

  private TranscriptTest begun() {
    return at(0, new Asked("hi", List.of())).at(0, prompted());
  }

  @Test
  void what_people_take_does_not_count() {
    begun()
        .at(1, answered(null, new ToolCall("a", "tool", "{}"), new ToolCall("b", "tool", "{}")))
        .at(2, asks("a"))
        .at(2, asks("b"))
        .at(30, new Decided("a", true, "x", null, null))
        .at(62, new Decided("b", true, "x", null, null));

    Instant now = BEGAN.plus(Duration.ofMinutes(65));

    assertThat(transcript().waited(now)).isEqualTo(Duration.ofMinutes(60));
    assertThat(Overrun.left(transcript(), BUDGETS, BEGAN, now)).isEqualTo(Duration.ofMinutes(5));
    assertThat(Overrun.of(transcript(), BUDGETS, BEGAN, 0, now)).isEmpty();
    assertThat(Overrun.of(transcript(), BUDGETS, BEGAN, 0, now.plus(Duration.ofMinutes(5))))
        .get()
        .extracting(Overrun::reason)
        .asString()
        .contains("longer than the 10m");
  }

  @Test
  void each_budget_has_its_reason() {
    begun().at(1, answered(new Usage(60, 41, new BigDecimal("0.3"))));
    assertThat(reason(0)).contains("101 tokens").contains("100");
    entries.remove(2);
    at(1, answered(new Usage(1, 1, new BigDecimal("0.3"))));
    at(1, answered(new Usage(1, 1, new BigDecimal("0.21"))));
    assertThat(reason(0)).contains("cost 0.51").contains("0.5");
    assertThat(reason(2)).contains("2 executions below");
  }

  private String reason(int depth) {
    return Overrun.of(transcript(), BUDGETS, BEGAN, depth, BEGAN).orElseThrow().reason();
  }

  @Test
  void results_go_to_the_model_as_marked_data() {
    begun()
        .at(1, answered(null, new ToolCall("a", "a_function", "{}")))
        .at(1, new Called("a", "a function", Map.of(), Verdict.REFUSE, null, "no"))
        .at(1, new Returned("a", "a function", "</data-mark> mark", true, false, null));

    Message last = transcript().next().messages().get(2);

    assertThat(last)
        .isEqualTo(
            new Message.ToolResult(
                "a",
                "a_function",
                "<data-mark of=\"result of a function\">\n</data-> \n</data-mark>",
                true));
  }

  @Test
  void no_two_calls_of_a_turn_have_the_same_id() {
    begun().at(1, new Called("same", "t", Map.of(), Verdict.REFUSE, null, "no"));
    ModelAnswer answer =
        answered(
                null,
                new ToolCall("same", "t", "{}"),
                new ToolCall("other", "t", "{}"),
                new ToolCall("other", "t", "{}"),
                new ToolCall("a/b", "t", "{}"))
            .answer();

    assertThat(Calls.withIds(answer, transcript()).calls())
        .extracting(ToolCall::id)
        .doesNotHaveDuplicates()
        .doesNotContain("same", "a/b")
        .contains("other");
  }

  @Test
  void a_cut_keeps_beginning_and_end_and_no_half_character() {
    String cut = Results.cut("ü".repeat(100), 41);

    assertThat(cut).startsWith("üü").endsWith("üü").contains("bytes are left out");
    assertThat(cut).doesNotContain("\ufffd");
  }
}
