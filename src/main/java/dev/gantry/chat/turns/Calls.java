package dev.gantry.chat.turns;

import dev.gantry.agents.AgentPolicy;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Function;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.Entry.Verdict;
import dev.gantry.database.DatabaseClock;
import dev.gantry.http.ApiException;
import dev.gantry.models.ModelAnswer;
import dev.gantry.models.ToolCall;
import dev.gantry.platform.Ids;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.NamedDefinitions;
import dev.gantry.workflows.InvalidDefinitionException;
import dev.gantry.workflows.ToolArguments;
import dev.gantry.workflows.ToolParser;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Judges what a model wants called: whether there is such a tool, whether it takes these arguments,
 * and what the agent's policy says of it. The arguments are judged as they will be run, with their
 * defaults. Never blocks.
 */
@ApplicationScoped
class Calls {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final NamedDefinitions definitions;
  private final DatabaseClock clock;

  Calls(NamedDefinitions definitions, DatabaseClock clock) {
    this.definitions = definitions;
    this.clock = clock;
  }

  /** The answer with an id for each call that no other call of the turn has. */
  static ModelAnswer withIds(ModelAnswer answer, Transcript transcript) {
    Set<String> taken = new HashSet<>();
    transcript.entries().stream()
        .filter(stored -> stored.entry() instanceof Called)
        .forEach(stored -> taken.add(((Called) stored.entry()).callId()));
    List<ToolCall> calls = new ArrayList<>();
    for (ToolCall call : answer.calls()) {
      String id = call.id();
      for (int i = taken.size() + 1; !PLAIN.matcher(id).matches() || !taken.add(id); i++) {
        id = "call-" + i;
      }
      calls.add(new ToolCall(id, call.tool(), call.arguments()));
    }
    return new ModelAnswer(answer.text(), calls, answer.finish(), answer.model(), answer.usage());
  }

  /** In the model's order. */
  Uni<List<Called>> judge(UUID organization, Prompted prompted, List<ToolCall> calls) {
    return Multi.createFrom()
        .iterable(calls)
        .onItem()
        .transformToUniAndConcatenate(call -> judge(organization, prompted, call))
        .collect()
        .asList();
  }

  private Uni<Called> judge(UUID organization, Prompted prompted, ToolCall call) {
    Optional<Function> function =
        prompted.tools().stream().filter(each -> each.function().equals(call.tool())).findFirst();
    if (function.isEmpty()) {
      return Uni.createFrom().item(refused(call, call.tool(), Map.of(), "there is no such tool"));
    }
    String tool = function.get().tool();
    Map<String, String> given;
    try {
      given = Functions.arguments(call.arguments());
    } catch (IllegalArgumentException wrong) {
      return Uni.createFrom().item(refused(call, tool, Map.of(), wrong.getMessage()));
    }
    return definitions
        .named(organization, DefinitionKind.TOOL, "tool", tool, function.get().source())
        .map(
            found -> {
              try {
                Map<String, String> args =
                    ToolArguments.check(ToolParser.parse(found.definition()), given);
                return allowed(prompted.policy(), call, tool, args);
              } catch (InvalidDefinitionException wrong) {
                return refused(call, tool, given, faults(wrong));
              }
            })
        .onFailure(ApiException.class)
        .recoverWithItem(gone -> refused(call, tool, given, gone.explained()));
  }

  private static String faults(InvalidDefinitionException wrong) {
    return wrong.faults().stream()
        .map(fault -> fault.place() + ": " + fault.message())
        .collect(Collectors.joining("; "));
  }

  private Called allowed(AgentPolicy policy, ToolCall call, String tool, Map<String, String> args) {
    AgentPolicy.Rule rule = policy.ruleOf(tool, args);
    AgentPolicy.Effect effect = rule == null ? AgentPolicy.Effect.ALLOW : rule.kind();
    String reason = rule == null ? null : rule.reason();
    return switch (effect) {
      case ALLOW ->
          new Called(call.id(), tool, args, Verdict.RUN, Ids.next(clock.now()).toString(), null);
      case ASK -> new Called(call.id(), tool, args, Verdict.ASK, null, reason);
      case DENY ->
          refused(
              call,
              tool,
              args,
              "the agent's policy denies this call" + (reason == null ? "" : ": " + reason));
    };
  }

  private static Called refused(
      ToolCall call, String tool, Map<String, String> args, String reason) {
    return new Called(call.id(), tool, args, Verdict.REFUSE, null, reason);
  }
}
