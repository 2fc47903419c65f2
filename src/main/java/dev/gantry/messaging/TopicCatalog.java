package dev.gantry.messaging;

import dev.gantry.platform.EarlyStart;
import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The topics as the broker has them: created at the start, before the first consumer or producer,
 * and asked for when a runner's name must be checked.
 */
@ApplicationScoped
public class TopicCatalog {
  private static final Logger LOG = Logger.getLogger(TopicCatalog.class);
  private static final String RETENTION = "retention.ms";

  private final MessagingConfig config;
  private final Topics topics;
  private final List<String> ownRunners;
  private final Map<String, Object> clientSettings;
  private CompletableFuture<Void> created;
  private volatile Admin admin;
  private volatile int logPartitions;
  private volatile Set<String> runners = Set.of();

  TopicCatalog(
      MessagingConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      @ConfigProperty(name = "gantry.role.runner") boolean runs,
      @ConfigProperty(name = "gantry.runner.name") List<String> names) {
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
    this.clientSettings = new HashMap<>(broker);
    clientSettings.keySet().retainAll(AdminClientConfig.configNames());
    this.ownRunners = runs ? List.copyOf(names) : List.of();
  }

  @Produces
  @Singleton
  Topics topics() {
    return topics;
  }

  void begin(@Observes EarlyStart.Begun event) {
    created = EarlyStart.beside(this::create);
  }

  /** Before the channels connect, which they do at LIBRARY_BEFORE. */
  void await(@Observes @Priority(StartOrder.TOPICS) StartupEvent event) {
    EarlyStart.await(created);
  }

  private void create() {
    admin = Admin.create(clientSettings);
    Map<String, TopicDescription> described = createNow(wanted());
    logPartitions = described.get(topics.logs()).partitions().size();
    for (TopicCheck topic : check()) {
      topic.faults().forEach(fault -> LOG.warnf("topic %s: %s", topic.name(), fault));
    }
  }

  /**
   * What the broker has of the topics that this process and all runners need, and what is not as
   * the settings say; a topic that exists keeps its own number of partitions. Blocks.
   */
  public List<TopicCheck> check() {
    List<NewTopic> wanted = wanted();
    runners.stream()
        .filter(runner -> !ownRunners.contains(runner))
        .forEach(runner -> add(wanted, topics.commands(runner), config.messageRetention()));
    try {
      return new TopicChecks(admin).of(wanted);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not describe the topics: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at topics", e);
    }
  }

  /** Creates those that are missing and waits until all can be used. Blocks. */
  private Map<String, TopicDescription> createNow(List<NewTopic> wanted) {
    try {
      Set<String> present = admin.listTopics().names().get();
      List<NewTopic> missing =
          wanted.stream().filter(topic -> !present.contains(topic.name())).toList();
      for (var created : admin.createTopics(missing).values().entrySet()) {
        awaitCreated(created.getKey(), created.getValue());
      }
      Map<String, TopicDescription> described =
          TopicLeaders.await(admin, wanted.stream().map(NewTopic::name).toList());
      runners = runnersIn(admin.listTopics().names().get());
      return described;
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Kafka at "
              + config.bootstrapServers()
              + " does not give the topics: "
              + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topics", e);
    }
  }

  void close(@Observes io.quarkus.runtime.ShutdownEvent event) {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }

  private static void awaitCreated(String name, org.apache.kafka.common.KafkaFuture<Void> created)
      throws ExecutionException, InterruptedException {
    try {
      created.get();
      LOG.infof("created topic %s", name);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private List<NewTopic> wanted() {
    List<NewTopic> wanted = new ArrayList<>();
    List<String> messages =
        new ArrayList<>(List.of(topics.steps(), topics.events(), topics.mails()));
    ownRunners.stream().map(topics::commands).forEach(messages::add);
    messages.forEach(name -> add(wanted, name, config.messageRetention()));
    add(wanted, topics.logs(), config.logRetention());
    addHeartbeats(wanted);
    return wanted;
  }

  /** The last of each process stays for a while, not for ever: no process comes back. */
  private void addHeartbeats(List<NewTopic> wanted) {
    Map<String, String> settings = new HashMap<>(retention(config.messageRetention()));
    settings.put("cleanup.policy", "compact,delete");
    wanted.add(topic(topics.heartbeats(), 1, settings));
    wanted.add(
        topic(Topics.deadLetters(topics.heartbeats()), 1, retention(config.deadLetterRetention())));
  }

  private void add(List<NewTopic> wanted, String name, Duration retention) {
    wanted.add(topic(name, config.partitions(), retention(retention)));
    wanted.add(topic(Topics.deadLetters(name), 1, retention(config.deadLetterRetention())));
  }

  private static Map<String, String> retention(Duration duration) {
    return Map.of(RETENTION, Long.toString(duration.toMillis()));
  }

  private NewTopic topic(String name, int partitions, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("max.message.bytes", Integer.toString(Topics.MAX_MESSAGE_BYTES));
    return new NewTopic(name, partitions, config.replicationFactor()).configs(all);
  }

  /** The partition of the logs topic that holds all lines of this execution. */
  public int logPartition(UUID executionId) {
    return Math.floorMod(executionId.hashCode(), logPartitions);
  }

  /**
   * Whether there is a command topic for this runner; asks the broker again when {@code name} is
   * not known, and answers on the caller's context, which must be one of Vert.x.
   */
  public Uni<Boolean> hasRunner(String name) {
    if (runners.contains(name)) {
      return Uni.createFrom().item(true);
    }
    Context caller = Vertx.currentContext();
    return Uni.createFrom()
        .completionStage(() -> admin.listTopics().names().toCompletionStage())
        .map(
            names -> {
              runners = runnersIn(names);
              return runners.contains(name);
            })
        .emitOn(MutinyHelper.executor(caller));
  }

  /**
   * Makes the commands topic of a runner that has not run yet, so that what is sent to it waits
   * there. Does nothing when there is one; answers on the caller's context, which must be one of
   * Vert.x.
   */
  public Uni<Void> createCommands(String runner) {
    if (runners.contains(runner)) {
      return Uni.createFrom().voidItem();
    }
    List<NewTopic> wanted = new ArrayList<>();
    add(wanted, topics.commands(runner), config.messageRetention());
    return createSoon(wanted);
  }

  /**
   * Makes a topic for events, unless it is there; answers on the caller's context, which must be
   * one of Vert.x.
   */
  public Uni<Void> createEvents(String name) {
    return createSoon(
        List.of(topic(name, config.partitions(), retention(config.messageRetention()))));
  }

  private Uni<Void> createSoon(List<NewTopic> wanted) {
    Context caller = Vertx.currentContext();
    return Uni.createFrom()
        .item(
            () -> {
              createNow(wanted);
              return null;
            })
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .emitOn(MutinyHelper.executor(caller))
        .replaceWithVoid();
  }

  private Set<String> runnersIn(Set<String> names) {
    String prefix = topics.commands("");
    return names.stream()
        .filter(name -> name.startsWith(prefix) && !name.endsWith(Topics.deadLetters("")))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
