package dev.gantry.chat.turns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Entry.Function;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.chat.turns.Entry.Verdict;
import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.AgentSteps;
import dev.gantry.executions.ExecuteTool;
import dev.gantry.http.ApiException;
import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What becomes of the calls that have not returned: a person's word is taken over, what is to run
 * is started once, and when all is over the results are put together. Any thread, never blocks.
 */
@ApplicationScoped
class OpenCalls {
  private final TurnStore store;
  private final AgentSteps steps;
  private final Results results;
  private final ChatConfig config;
  private final DatabaseClock clock;

  OpenCalls(
      TurnStore store, AgentSteps steps, Results results, ChatConfig config, DatabaseClock clock) {
    this.store = store;
    this.steps = steps;
    this.results = results;
    this.config = config;
    this.clock = clock;
  }

  /**
   * @param entries what is to be added; none = there is something to wait for
   * @param running a tool is among that
   */
  record Next(List<? extends Entry> entries, boolean running) {}

  /** What was found and begun in one look. */
  private record Look(View view, Map<UUID, AgentSteps.Called> there, Map<String, String> refused) {
    /** It is to run, or runs. */
    boolean runs(Called call) {
      Optional<UUID> id = view.transcript().execution(call);
      return id.isPresent()
          && !refused.containsKey(call.callId())
          && (there.get(id.get()) == null || !there.get(id.get()).ended());
    }
  }

  Uni<Next> next(View view) {
    return decided(view)
        .chain(
            decided ->
                decided.isEmpty()
                    ? steps
                        .calls(view.step().execution())
                        .map(calls -> new Look(view, byId(calls), new HashMap<>()))
                        .call(this::start)
                        .chain(this::returned)
                    : Uni.createFrom().item(new Next(decided, false)));
  }

  private static Map<UUID, AgentSteps.Called> byId(List<AgentSteps.Called> calls) {
    return calls.stream().collect(Collectors.toMap(AgentSteps.Called::execution, call -> call));
  }

  /** What people have said that is not in the transcript yet, or have not said in time. */
  private Uni<List<Decided>> decided(View view) {
    List<Called> undecided = view.transcript().undecided();
    return undecided.isEmpty()
        ? Uni.createFrom().item(List.of())
        : store
            .decisions(view.step().execution())
            .map(
                said ->
                    undecided.stream()
                        .map(call -> decided(view, call, said.get(call.callId())))
                        .flatMap(Optional::stream)
                        .toList());
  }

  private Optional<Decided> decided(View view, Called call, Decided said) {
    if (said != null) {
      String execution = said.approved() ? Ids.next(clock.now()).toString() : null;
      return Optional.of(
          new Decided(said.callId(), said.approved(), said.by(), said.comment(), execution));
    }
    return view.now().isBefore(view.deadline(call, config.approvalTimeout()))
        ? Optional.empty()
        : Optional.of(
            new Decided(call.callId(), false, "nobody", "nobody has decided in time", null));
  }

  /** What is wrong with a call is the model's to hear. */
  private Uni<Void> start(Look look) {
    View view = look.view();
    return Multi.createFrom()
        .iterable(view.transcript().open())
        .select()
        .where(call -> view.transcript().execution(call).isPresent())
        .select()
        .where(call -> !look.there().containsKey(view.transcript().execution(call).get()))
        .onItem()
        .transformToUniAndConcatenate(
            call ->
                steps
                    .call(
                        view.step(),
                        view.transcript().execution(call).get(),
                        tool(view.prompted(), call))
                    .onFailure(OpenCalls::isRefusal)
                    .recoverWithUni(
                        why -> {
                          look.refused().put(call.callId(), ((ApiException) why).explained());
                          return Uni.createFrom().voidItem();
                        }))
        .collect()
        .asList()
        .replaceWithVoid();
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ApiException refused && refused.status() < 500;
  }

  private static ExecuteTool tool(Prompted prompted, Called call) {
    String source =
        prompted.tools().stream()
            .filter(each -> each.tool().equals(call.tool()))
            .map(Function::source)
            .findFirst()
            .orElse(null);
    return new ExecuteTool(
        call.tool(),
        null,
        null,
        null,
        source,
        texts(call.args()),
        prompted.kit().runner(),
        null,
        texts(prompted.kit().environment()),
        prompted.kit().secrets(),
        null,
        null,
        null);
  }

  private static Map<String, JsonNode> texts(Map<String, String> values) {
    Map<String, JsonNode> texts = new HashMap<>();
    values.forEach((name, value) -> texts.put(name, TextNode.valueOf(value)));
    return texts;
  }

  private Uni<Next> returned(Look look) {
    Transcript transcript = look.view().transcript();
    boolean running = transcript.open().stream().anyMatch(look::runs);
    if (running || !transcript.undecided().isEmpty()) {
      return Uni.createFrom().item(new Next(List.of(), running));
    }
    return Multi.createFrom()
        .iterable(transcript.open())
        .onItem()
        .transformToUniAndConcatenate(call -> returned(look, call))
        .collect()
        .asList()
        .map(all -> new Next(all, false));
  }

  private Uni<Returned> returned(Look look, Called call) {
    if (call.verdict() == Verdict.REFUSE) {
      return Uni.createFrom().item(Results.refused(call, call.reason()));
    }
    Transcript transcript = look.view().transcript();
    Optional<UUID> execution = transcript.execution(call);
    if (execution.isEmpty()) {
      Decided no = transcript.decided(call.callId()).orElseThrow();
      String why = no.comment() == null ? "" : ": " + no.comment();
      return Uni.createFrom().item(Results.refused(call, "rejected by " + no.by() + why));
    }
    String refused = look.refused().get(call.callId());
    return refused == null
        ? results.of(look.view().step().organization(), call, look.there().get(execution.get()))
        : Uni.createFrom().item(Results.refused(call, refused));
  }
}
