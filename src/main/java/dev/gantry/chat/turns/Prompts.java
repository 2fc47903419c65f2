package dev.gantry.chat.turns;

import dev.gantry.agents.AgentPolicy;
import dev.gantry.agents.AgentProfile;
import dev.gantry.agents.AgentProfiles;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Budgets;
import dev.gantry.chat.turns.Entry.Document;
import dev.gantry.chat.turns.Entry.Kit;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.TurnStore.Said;
import dev.gantry.chat.turns.TurnStore.Taken;
import dev.gantry.executions.AgentSteps.AgentStep;
import dev.gantry.http.ApiException;
import dev.gantry.models.Message;
import dev.gantry.models.ModelCall;
import dev.gantry.platform.Durations;
import dev.gantry.resources.Fields;
import dev.gantry.runner.masking.Mask;
import dev.gantry.tools.NamedDefinition;
import dev.gantry.tools.NamedDefinitions;
import dev.gantry.workflows.WorkflowDefinition.Action;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts together what a model is asked the first time: instructions, what was said before, the
 * message with its documents, and the tools. Any thread, never blocks.
 */
@ApplicationScoped
class Prompts {
  private static final String PLAIN = "You help a platform team. Answer briefly and exactly.";

  private final AgentProfiles agents;
  private final NamedDefinitions definitions;
  private final TurnStore store;
  private final Masks masks;
  private final ChatConfig config;

  Prompts(
      AgentProfiles agents,
      NamedDefinitions definitions,
      TurnStore store,
      Masks masks,
      ChatConfig config) {
    this.agents = agents;
    this.definitions = definitions;
    this.store = store;
    this.masks = masks;
    this.config = config;
  }

  /**
   * What a step of a workflow says to its agent, as it may be kept; nothing, when it is not known
   * what is to be hidden in it.
   */
  Uni<Asked> asked(AgentStep step) {
    List<Action.Said> messages = step.action().messages();
    Asked asked = new Asked(messages.get(messages.size() - 1).text(), List.of());
    return profile(step)
        .chain(profile -> masks.masked(step.organization(), profile.secrets(), asked))
        .onFailure(ApiException.class)
        .recoverWithItem(new Asked("", List.of()));
  }

  /** Fails with an {@link ApiException} that says why the turn cannot be done. */
  Uni<Prompted> of(Taken turn, AgentStep step, Asked asked) {
    return profile(step)
        .chain(
            profile ->
                tools(step, profile)
                    .chain(
                        tools ->
                            history(turn)
                                .map(history -> prompt(step, profile, tools, history, asked)))
                    .chain(prompted -> masked(step, profile, prompted)));
  }

  private Uni<AgentProfile> profile(AgentStep step) {
    Action.Agent action = step.action();
    if (action.agent() == null) {
      return Uni.createFrom().item(inline(step));
    }
    return agents.find(step.organization(), action.agent()).map(found -> usable(action, found));
  }

  /** Fails with 400 unless there is the agent, and it may be used. */
  private static AgentProfile usable(Action.Agent action, Optional<AgentProfile> found) {
    AgentProfile profile =
        found.orElseThrow(
            () ->
                ApiException.invalid(
                    "agent", "no agent '" + action.agent() + "'; GET /agents lists what there is"));
    if (!profile.active()) {
      throw ApiException.invalid(
          "agent", "the agent '" + profile.name() + "' is inactive; activate it with PUT /agents");
    }
    return profile;
  }

  /** What a step says itself. */
  private static AgentProfile inline(AgentStep step) {
    return new AgentProfile(
        null,
        step.name(),
        true,
        step.action().sources(),
        step.action().secrets(),
        Map.of(),
        step.runner(),
        null,
        null,
        AgentPolicy.NONE);
  }

  private Uni<List<NamedDefinition>> tools(AgentStep step, AgentProfile profile) {
    if (profile.sources().isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    int most = 10 * config.maxTools();
    return definitions
        .tools(step.organization(), profile.sources(), most)
        .map(
            found -> {
              List<NamedDefinition> allowed =
                  found.stream().filter(tool -> !profile.policy().forbids(tool.name())).toList();
              if (allowed.size() > config.maxTools()) {
                throw ApiException.invalid(
                    "sources",
                    "the agent's sources have more than the %d tools that a model is told of: name fewer sources, or deny tools in the agent's policy"
                        .formatted(config.maxTools()));
              }
              return allowed;
            });
  }

  private Uni<List<Said>> history(Taken turn) {
    return turn.session() == null || config.historyMessages() == 0
        ? Uni.createFrom().item(List.of())
        : store
            .history(turn.session(), turn.execution(), config.historyMessages())
            .map(this::fitting);
  }

  /** The latest that fit, oldest first. */
  private List<Said> fitting(List<Said> newestFirst) {
    List<Said> kept = new ArrayList<>();
    long bytes = 0;
    for (Said said : newestFirst) {
      bytes += Fields.bytes(said.content());
      if (bytes > config.historySize().asLongValue()) {
        break;
      }
      kept.add(said);
    }
    Collections.reverse(kept);
    return kept;
  }

  private Prompted prompt(
      AgentStep step,
      AgentProfile profile,
      List<NamedDefinition> tools,
      List<Said> history,
      Asked asked) {
    Action.Agent action = step.action();
    Functions.Told told = Functions.of(tools);
    String marker = Data.newMarker();
    boolean hasData = !tools.isEmpty() || !asked.documents().isEmpty();
    List<Message> messages = new ArrayList<>();
    String instructions = instructions(action, profile, hasData ? marker : null);
    if (instructions != null) {
      messages.add(new Message.Instructions(instructions));
    }
    history.forEach(said -> messages.add(message(said.role(), said.content())));
    List<Action.Said> said = action.messages();
    for (Action.Said each : said.subList(0, said.size() - 1)) {
      messages.add(message(each.role(), each.text()));
    }
    String text = said.get(said.size() - 1).text();
    messages.add(new Message.User(withDocuments(text, asked.documents(), marker)));
    ModelCall call =
        new ModelCall(
            action.model() == null ? profile.model() : action.model(),
            messages,
            told.specs(),
            action.maxTokens(),
            action.temperature(),
            action.json());
    return new Prompted(
        call,
        marker,
        told.functions(),
        profile.policy(),
        budgets(profile.policy()),
        new Kit(
            profile.runner() == null ? step.runner() : profile.runner(),
            profile.environment(),
            profile.secrets()));
  }

  private Uni<Prompted> masked(AgentStep step, AgentProfile profile, Prompted prompted) {
    return masks
        .of(step.organization(), profile.secrets())
        .map(mask -> mask.isEmpty() ? prompted : masked(mask, prompted));
  }

  private static Prompted masked(Mask mask, Prompted prompted) {
    ModelCall call = prompted.call();
    List<Message> messages =
        call.messages().stream().map(message -> masked(mask, message)).toList();
    return new Prompted(
        new ModelCall(
            call.model(),
            messages,
            call.tools(),
            call.maxOutputTokens(),
            call.temperature(),
            call.json()),
        prompted.marker(),
        prompted.tools(),
        prompted.policy(),
        prompted.budgets(),
        prompted.kit());
  }

  /** None of a prompt is a tool's result. */
  private static Message masked(Mask mask, Message message) {
    if (message instanceof Message.Instructions instructions) {
      return new Message.Instructions(mask.apply(instructions.text()));
    } else if (message instanceof Message.User user) {
      return new Message.User(mask.apply(user.text()));
    } else if (message instanceof Message.Assistant assistant) {
      return new Message.Assistant(mask.apply(assistant.text()), assistant.calls());
    }
    return message;
  }

  private static Message message(String role, String text) {
    return switch (role) {
      case "system" -> new Message.Instructions(text);
      case "assistant" -> new Message.Assistant(text, List.of());
      default -> new Message.User(text);
    };
  }

  /** Null when there is nothing to say. */
  private static String instructions(Action.Agent action, AgentProfile profile, String marker) {
    String own = action.instructions() == null ? profile.instructions() : action.instructions();
    String said = own == null && action.agent() != null ? PLAIN : own;
    if (marker == null) {
      return said;
    }
    return said == null ? Data.rule(marker) : said + "\n\n" + Data.rule(marker);
  }

  private static String withDocuments(String said, List<Document> documents, String marker) {
    StringBuilder text = new StringBuilder(said);
    for (Document document : documents) {
      text.append("\n\n").append(Data.mark(marker, document.name(), document.content()));
    }
    return text.toString();
  }

  /** The installation's under the agent's. */
  Budgets budgets(AgentPolicy policy) {
    AgentPolicy.Budgets own = policy.budgetsOrNone();
    Budgets all = budgets();
    Duration time = own.time() == null ? all.time() : Durations.parse(own.time()).orElseThrow();
    return new Budgets(
        own.tokens() == null ? all.tokens() : own.tokens(),
        own.cost() == null ? all.cost() : own.cost(),
        time,
        own.calls() == null ? all.calls() : own.calls(),
        own.depth() == null ? all.depth() : own.depth());
  }

  Budgets budgets() {
    ChatConfig.Budgets budget = config.budget();
    return new Budgets(
        budget.tokens(), budget.cost().orElse(null), budget.time(), budget.calls(), budget.depth());
  }
}
