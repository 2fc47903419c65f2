package dev.gantry.chat.turns;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gantry.agents.AgentPolicy;
import dev.gantry.models.ModelAnswer;
import dev.gantry.models.ModelCall;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One entry of a turn's transcript; together they are all that a turn goes by. A call of a tool is
 * {@code Called} before anything is run, so that whoever goes on with the turn runs the same.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Entry.Asked.class, name = "asked"),
  @JsonSubTypes.Type(value = Entry.Prompted.class, name = "prompted"),
  @JsonSubTypes.Type(value = Entry.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = Entry.Called.class, name = "called"),
  @JsonSubTypes.Type(value = Entry.Decided.class, name = "decided"),
  @JsonSubTypes.Type(value = Entry.Returned.class, name = "returned"),
  @JsonSubTypes.Type(value = Entry.Ended.class, name = "ended")
})
@JsonInclude(Include.NON_NULL)
public sealed interface Entry {
  /** What a person, or a step, says; the first entry of each turn. */
  record Asked(String message, List<Document> documents) implements Entry {}

  /**
   * Something that goes with a message.
   *
   * @param name a file's, or a URL
   */
  record Document(String name, String content) {}

  /**
   * What the model is asked the first time, and what the turn goes by from then on.
   *
   * @param call the prompt; what follows in the transcript is added to it for each further one
   * @param marker sets data apart from what is said; nobody can know it before
   * @param tools what stands behind the functions that the model is told of
   * @param kit what the tools get
   */
  record Prompted(
      ModelCall call,
      String marker,
      List<Function> tools,
      AgentPolicy policy,
      Budgets budgets,
      Kit kit)
      implements Entry {}

  /**
   * @param function the name that the model knows
   * @param tool the name in the source
   * @param source its id
   * @param commit that it was read from when the model was told of it; null for an inline source
   */
  record Function(String function, String tool, String source, String commit) {}

  /**
   * @param runner null = {@code default}
   * @param secrets names
   */
  record Kit(String runner, Map<String, String> environment, List<String> secrets) {}

  /**
   * @param cost null = any
   */
  record Budgets(long tokens, BigDecimal cost, Duration time, int calls, int depth) {}

  /** What the model has answered. */
  record Answered(ModelAnswer answer) implements Entry {}

  /** What becomes of a call. */
  enum Verdict {
    RUN,
    /** A person decides. */
    ASK,
    /** It is not run: forbidden, or none that can be run. */
    REFUSE
  }

  /**
   * @param callId as the model calls it
   * @param args complete and checked; for one that is refused whatever could be read
   * @param execution that runs it; null for one that is refused, or that a person decides
   * @param reason why it is refused, or what the person is told; may be null
   */
  record Called(
      String callId,
      String tool,
      Map<String, String> args,
      Verdict verdict,
      String execution,
      String reason)
      implements Entry {}

  /**
   * A person's word, or that nobody has said anything in time.
   *
   * @param by the name of the key
   * @param execution that runs what is approved, else null
   */
  record Decided(String callId, boolean approved, String by, String comment, String execution)
      implements Entry {}

  /**
   * What came of a call.
   *
   * @param text as the model gets it, without the marks of data
   * @param truncated the whole is in the execution's log
   * @param execution null when none was run
   */
  record Returned(
      String callId, String tool, String text, boolean failed, boolean truncated, String execution)
      implements Entry {}

  /**
   * The last one.
   *
   * @param status as the API shows it
   * @param response null unless it has completed
   */
  record Ended(String status, String response, String error) implements Entry {}
}
