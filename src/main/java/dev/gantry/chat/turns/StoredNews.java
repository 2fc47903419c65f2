package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.TurnNews;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a turn waits for, from its transcript. Never blocks. */
@ApplicationScoped
class StoredNews implements TurnNews {
  private static final String ENGINE = "engine";

  private final TurnStore store;
  private final ChatConfig config;
  private final DatabaseClock clock;

  StoredNews(TurnStore store, ChatConfig config, DatabaseClock clock) {
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public Uni<Optional<News>> of(UUID execution) {
    return store
        .transcript(execution)
        .map(
            transcript ->
                transcript.length() == 0 ? Optional.empty() : Optional.of(news(transcript)));
  }

  private News news(Transcript transcript) {
    List<Called> undecided = transcript.undecided();
    if (!undecided.isEmpty()) {
      return new News("approver", approval(undecided), approvalDeadline(transcript, undecided));
    }
    if (transcript.prompted().isEmpty()) {
      return new News(ENGINE, "its prompt is put together", null);
    }
    Prompted prompted = transcript.prompted().get();
    Instant deadline = deadline(transcript, prompted);
    List<Called> open = transcript.open();
    if (!open.isEmpty()) {
      String tools = open.stream().map(Called::tool).collect(Collectors.joining(", "));
      return new News(ENGINE, "waits for the tools that it has called: " + tools, deadline);
    }
    String model = prompted.call().model() == null ? "default" : prompted.call().model();
    return transcript.lastWord().isPresent()
        ? new News(ENGINE, "the model has answered, and the turn is being ended", deadline)
        : new News(
            "model " + model,
            "waits for answer %d of the model".formatted(transcript.answers() + 1),
            deadline);
  }

  private static String approval(List<Called> undecided) {
    return "waits for approval of "
        + undecided.stream()
            .map(call -> call.callId() + " (" + call.tool() + ")")
            .collect(Collectors.joining(", "));
  }

  private Instant approvalDeadline(Transcript transcript, List<Called> undecided) {
    return undecided.stream()
        .map(call -> transcript.calledAt(call.callId()).plus(config.approvalTimeout()))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private Instant deadline(Transcript transcript, Prompted prompted) {
    Instant began = transcript.promptedAt().orElseThrow();
    return began.plus(prompted.budgets().time()).plus(transcript.waited(clock.now()));
  }
}
