package dev.gantry.runner;

import dev.gantry.messaging.CommandChannels;
import dev.gantry.messaging.DeadLetters;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Makes a {@link Runner} of this process for each of its names when it has the role, and ends them
 * with the process.
 */
@ApplicationScoped
class RunnerRole {
  private static final Logger LOG = Logger.getLogger(RunnerRole.class);

  private final RunnerConfig config;
  private final Topics topics;
  private final Outlet outlet;
  private final KafkaClientService clients;
  private final DeadLetters deadLetters;
  private final Config all;
  private final Instance<BackendProvider> backends;
  private final boolean enabled;
  private final ExecutorService workers = Workers.start();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(Workers.daemon("gantry-runner-sweeper"));

  /** By the topic of the commands that are written for them; in the order of their names. */
  private volatile Map<String, ServedRunner> served = Map.of();

  private volatile ScheduledFuture<?> sweeping;

  RunnerRole(
      RunnerConfig config,
      Topics topics,
      Outlet outlet,
      KafkaClientService clients,
      DeadLetters deadLetters,
      Config all,
      @Any Instance<BackendProvider> backends,
      @ConfigProperty(name = "gantry.role.runner") boolean enabled) {
    this.config = config;
    this.topics = topics;
    this.outlet = outlet;
    this.clients = clients;
    this.deadLetters = deadLetters;
    this.all = all;
    this.backends = backends;
    this.enabled = enabled;
  }

  void start(@Observes @Priority(StartOrder.BEFORE_CHANNELS) StartupEvent event) {
    if (!enabled) {
      return;
    }
    List<RunnerName> names = RunnerName.of(config.names());
    RunnerTokens tokens = new RunnerTokens(config.names(), config.tokens().orElse(List.of()));
    int slots =
        config.capacity().orElse(Math.max(64, 16 * Runtime.getRuntime().availableProcessors()));
    Capacity capacity = new Capacity(slots);
    LogShipper logs = new LogShipper(outlet, config.logBuffer());
    Map<String, ServedRunner> open = new LinkedHashMap<>();
    for (RunnerName name : names) {
      Runner runner = open(name, tokens, capacity, logs);
      String channel = CommandChannels.channel(open.size(), names.size());
      open.put(
          topics.commands(name.text()),
          new ServedRunner(
              name.text(),
              runner,
              new CommandIntake(runner, workers, deadLetters::send),
              new CommandOffsets(clients, channel, runner.ledger()),
              new Leftovers(clients, channel, runner, workers),
              new Adoption(name.text(), runner)));
      // Those that are open are closed when the next one cannot be.
      served = Collections.unmodifiableMap(new LinkedHashMap<>(open));
    }
    served().forEach(each -> each.runner().recall());
    LOG.infof(
        "runner %s runs up to %d attempts through the %s backend",
        String.join(", ", config.names()), slots, config.backend());
  }

  private Runner open(RunnerName name, RunnerTokens tokens, Capacity capacity, LogShipper logs) {
    RunnerApi api = new RunnerApi(config.apiUrl(), tokens.of(name.text()), all);
    GrantSource grants = new ApiGrants(api);
    Backend backend =
        provider()
            .open(name, logs, new ApiArtifacts(api), new ApiAttemptRecords(api), grants, workers);
    return new Runner(
        name.text(), backend, outlet, grants, workers, capacity, config.local().retention());
  }

  private BackendProvider provider() {
    return backends.stream()
        .filter(backend -> backend.name().equals(config.backend()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "gantry.runner.backend is '"
                        + config.backend()
                        + "'; there is: "
                        + backends.stream()
                            .map(BackendProvider::name)
                            .collect(Collectors.joining(", "))));
  }

  /** Once the channels are connected: what the process before left goes on. */
  void resume(@Observes @Priority(StartOrder.LAST) StartupEvent event) {
    served().forEach(each -> each.runner().resume());
    if (enabled) {
      long period = config.local().sweepInterval().toMillis();
      sweeping = sweeper.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    for (ServedRunner each : served()) {
      try {
        each.runner().sweep();
      } catch (RuntimeException e) {
        LOG.errorf(e, "sweeping of %s failed and is tried again later", each.name());
      }
    }
  }

  /** What runs goes on running; what is acknowledged was told, the rest is told by the next. */
  void stop(@Observes ShutdownEvent event) {
    if (sweeping != null) {
      sweeping.cancel(false);
    }
    sweeper.shutdown();
    served().forEach(each -> each.runner().leave());
    served().forEach(ServedRunner::close);
  }

  /** Those that have started; none without the role. */
  Collection<ServedRunner> served() {
    return served.values();
  }

  /** Whom the commands of this topic are written for. */
  ServedRunner served(String topic) {
    return served.get(topic);
  }
}
