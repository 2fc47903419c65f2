package dev.gantry.chat.turns;

import dev.gantry.chat.turns.TurnStore.Open;
import dev.gantry.chat.turns.TurnStore.Taken;
import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.AgentSteps;
import dev.gantry.executions.AgentSteps.UnderWay;
import dev.gantry.platform.Rounds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sees to it that every turn goes on: compares what executions say with what is stored of turns,
 * takes those that have something to do, and keeps its leases while it does it. A process that dies
 * leaves its turns to the others once their leases have passed. Never blocks.
 */
@ApplicationScoped
public class Turns {
  private static final Logger LOG = Logger.getLogger(Turns.class);
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration AFTER_FAULT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final TurnStore store;
  private final AgentSteps steps;
  private final Prompts prompts;
  private final Calls calls;
  private final OpenCalls openCalls;
  private final Answers answers;
  private final DatabaseClock clock;
  private final ChatConfig config;
  private final boolean enabled;
  private final Rounds rounds;
  private final Map<UUID, Drive> driven = new ConcurrentHashMap<>();

  Turns(
      Vertx vertx,
      TurnStore store,
      AgentSteps steps,
      Prompts prompts,
      Calls calls,
      OpenCalls openCalls,
      Answers answers,
      DatabaseClock clock,
      ChatConfig config,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.vertx = vertx;
    this.store = store;
    this.steps = steps;
    this.prompts = prompts;
    this.calls = calls;
    this.openCalls = openCalls;
    this.answers = answers;
    this.clock = clock;
    this.config = config;
    this.enabled = enabled;
    this.rounds = new Rounds("turns of conversations", vertx, PERIOD, this::look);
    steps.onMoved(rounds::look);
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
      vertx.setPeriodic(config.lease().toMillis() / 3, timer -> renew());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  /** There may be something to do. Any thread. */
  public void moved() {
    rounds.look();
  }

  TurnStore store() {
    return store;
  }

  AgentSteps steps() {
    return steps;
  }

  Prompts prompts() {
    return prompts;
  }

  Calls calls() {
    return calls;
  }

  OpenCalls openCalls() {
    return openCalls;
  }

  Answers answers() {
    return answers;
  }

  ChatConfig config() {
    return config;
  }

  Instant now() {
    return clock.now();
  }

  private Uni<Void> look() {
    return steps
        .underWay()
        .chain(underWay -> store.open().chain(open -> compare(byExecution(underWay), open)));
  }

  private static Map<UUID, UnderWay> byExecution(List<UnderWay> underWay) {
    return underWay.stream().collect(Collectors.toMap(UnderWay::execution, Function.identity()));
  }

  private Uni<Void> compare(Map<UUID, UnderWay> underWay, List<Open> open) {
    driven.forEach(
        (execution, drive) -> {
          UnderWay about = underWay.get(execution);
          if (about == null || about.stopping()) {
            drive.interrupt();
          }
        });
    List<UUID> wanted =
        open.stream()
            .filter(turn -> !turn.held() && hasSomethingToDo(turn, underWay.get(turn.execution())))
            .map(Open::execution)
            .limit(Math.max(0, config.turnsAtOnce() - driven.size()))
            .toList();
    Set<UUID> begun = open.stream().map(Open::execution).collect(Collectors.toSet());
    List<UUID> missing = underWay.keySet().stream().filter(id -> !begun.contains(id)).toList();
    return begin(missing).chain(() -> take(wanted));
  }

  /**
   * @param about null = its execution has ended
   */
  private static boolean hasSomethingToDo(Open turn, UnderWay about) {
    if (about == null) {
      return true;
    }
    if (!about.running()) {
      return false;
    }
    return turn.due()
        || (turn.waitsForCalls() && !about.calling())
        || (about.stopping() && !(turn.dueSoon() && about.calling()));
  }

  /** Steps of workflows, which nobody has begun a turn for. */
  private Uni<Void> begin(List<UUID> executions) {
    return Multi.createFrom()
        .iterable(executions)
        .onItem()
        .transformToUniAndConcatenate(
            execution ->
                steps
                    .find(execution)
                    .chain(
                        step ->
                            step.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : prompts
                                    .asked(step.get())
                                    .chain(
                                        asked ->
                                            store.begin(
                                                execution, step.get().organization(), asked))))
        .collect()
        .asList()
        .invoke(
            begun -> {
              if (!begun.isEmpty()) {
                rounds.look();
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> take(List<UUID> wanted) {
    return wanted.isEmpty()
        ? Uni.createFrom().voidItem()
        : store
            .take(wanted, config.lease())
            .invoke(taken -> taken.forEach(this::drive))
            .replaceWithVoid();
  }

  private void drive(Taken turn) {
    Drive drive = new Drive(this, turn);
    driven.put(turn.execution(), drive);
    drive.run().subscribe().with(done -> over(drive), failure -> failed(drive, failure));
  }

  private void over(Drive drive) {
    driven.remove(drive.turn().execution(), drive);
    rounds.look();
  }

  /** It is tried again in a moment, within the turn's own time. */
  private void failed(Drive drive, Throwable failure) {
    UUID execution = drive.turn().execution();
    driven.remove(execution, drive);
    if (Drive.isLoss(failure)) {
      LOG.infof("the turn %s goes on elsewhere", execution);
      return;
    }
    LOG.warnf(failure, "the turn %s waits", execution);
    store
        .release(drive.turn(), now().plus(AFTER_FAULT), false)
        .subscribe()
        .with(
            done -> {},
            again ->
                LOG.warnf("the turn %s stays with this process's lease: %s", execution, again));
  }

  private void renew() {
    driven
        .values()
        .forEach(
            drive ->
                store
                    .renew(drive.turn(), config.lease())
                    .subscribe()
                    .with(
                        mine -> {
                          if (!mine) {
                            drive.lose();
                          }
                        },
                        failure ->
                            LOG.warnf(
                                "the lease of the turn %s is not renewed: %s",
                                drive.turn().execution(), failure)));
  }
}
