package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Answered;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Entry.Ended;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.chat.turns.Entry.Verdict;
import dev.gantry.models.Message;
import dev.gantry.models.ModelAnswer;
import dev.gantry.models.ModelCall;
import dev.gantry.models.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A turn's entries so far, and what follows from them. Immutable, pure code. */
public record Transcript(List<Stored> entries) {
  public Transcript {
    entries = List.copyOf(entries);
  }

  public int length() {
    return entries.size();
  }

  private <T extends Entry> Stream<T> all(Class<T> type) {
    return entries.stream().map(Stored::entry).filter(type::isInstance).map(type::cast);
  }

  private <T extends Entry> Optional<T> first(Class<T> type) {
    return all(type).findFirst();
  }

  Optional<Asked> asked() {
    return first(Asked.class);
  }

  public Optional<Prompted> prompted() {
    return first(Prompted.class);
  }

  /** When the prompt was put together. */
  Optional<Instant> promptedAt() {
    return entries.stream()
        .filter(stored -> stored.entry() instanceof Prompted)
        .map(Stored::at)
        .findFirst();
  }

  public Optional<Ended> ended() {
    return first(Ended.class);
  }

  /**
   * The model's last word, if all that it has called has returned; empty when it is to be asked.
   */
  Optional<ModelAnswer> lastWord() {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.get(entries.size() - 1).entry())
            .filter(Answered.class::isInstance)
            .map(last -> ((Answered) last).answer());
  }

  /** What is called and has not returned, in the model's order. */
  public List<Called> open() {
    List<String> returned = all(Returned.class).map(Returned::callId).toList();
    return all(Called.class).filter(call -> !returned.contains(call.callId())).toList();
  }

  /** What a person has said to a call; empty while nobody has. */
  Optional<Decided> decided(String callId) {
    return all(Decided.class).filter(decided -> decided.callId().equals(callId)).findFirst();
  }

  /** The execution that runs a call; empty when none is to, or not yet. */
  Optional<UUID> execution(Called call) {
    String id =
        call.verdict() == Verdict.ASK
            ? decided(call.callId()).map(Decided::execution).orElse(null)
            : call.execution();
    return Optional.ofNullable(id).map(UUID::fromString);
  }

  /** The calls that wait for a person. */
  public List<Called> undecided() {
    return open().stream()
        .filter(call -> call.verdict() == Verdict.ASK && decided(call.callId()).isEmpty())
        .toList();
  }

  public boolean hasCalled(String callId) {
    return all(Called.class).anyMatch(call -> call.callId().equals(callId));
  }

  /** When a call was called. */
  Instant calledAt(String callId) {
    return entries.stream()
        .filter(each -> each.entry() instanceof Called called && called.callId().equals(callId))
        .map(Stored::at)
        .findFirst()
        .orElseThrow();
  }

  long callsMade() {
    return all(Called.class).count();
  }

  /** How often the model has answered. */
  public long answers() {
    return all(Answered.class).count();
  }

  /** What all answers together have taken. */
  public Usage usage() {
    long in = 0;
    long out = 0;
    BigDecimal cost = null;
    for (Answered answered : all(Answered.class).toList()) {
      Usage usage = answered.answer().usage();
      if (usage != null) {
        in += usage.inputTokens();
        out += usage.outputTokens();
        cost = usage.cost() == null ? cost : sum(cost, usage.cost());
      }
    }
    return new Usage(in, out, cost);
  }

  private static BigDecimal sum(BigDecimal a, BigDecimal b) {
    return a == null ? b : a.add(b);
  }

  /** How long the turn has waited for people alone, up to {@code now}. */
  Duration waited(Instant now) {
    Duration waited = Duration.ZERO;
    Instant since = null;
    List<String> asks = new ArrayList<>();
    for (Stored stored : entries) {
      if (stored.entry() instanceof Called called && called.verdict() == Verdict.ASK) {
        since = asks.isEmpty() ? stored.at() : since;
        asks.add(called.callId());
      } else if (stored.entry() instanceof Decided decided && asks.remove(decided.callId())) {
        waited = asks.isEmpty() ? waited.plus(Duration.between(since, stored.at())) : waited;
      }
    }
    return asks.isEmpty() ? waited : waited.plus(Duration.between(since, now));
  }

  /** What the model is asked next. */
  ModelCall next() {
    Prompted prompted = prompted().orElseThrow();
    List<Message> messages = new ArrayList<>(prompted.call().messages());
    for (Stored stored : entries) {
      if (stored.entry() instanceof Answered answered) {
        messages.add(new Message.Assistant(answered.answer().text(), answered.answer().calls()));
      } else if (stored.entry() instanceof Returned returned) {
        messages.add(result(prompted, returned));
      }
    }
    ModelCall first = prompted.call();
    return new ModelCall(
        first.model(),
        messages,
        first.tools(),
        first.maxOutputTokens(),
        first.temperature(),
        first.json());
  }

  private Message.ToolResult result(Prompted prompted, Returned returned) {
    String function =
        all(Answered.class)
            .flatMap(answered -> answered.answer().calls().stream())
            .filter(call -> call.id().equals(returned.callId()))
            .map(dev.gantry.models.ToolCall::tool)
            .findFirst()
            .orElse(returned.tool());
    String text = Data.mark(prompted.marker(), "result of " + returned.tool(), returned.text());
    return new Message.ToolResult(returned.callId(), function, text, returned.failed());
  }
}
