package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.messaging.ChannelProducers;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.StartOrder;
import dev.gantry.runners.protocol.Heartbeat;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells over the channel {@code runner-heartbeats} that this process is there, for each name: at
 * its start, at every interval and, so that nobody waits for the next one, when it stops. On a
 * thread of its own, which may block. A heartbeat that does not get through is logged; the next one
 * tells the same.
 */
@ApplicationScoped
class HeartbeatSender {
  private static final Logger LOG = Logger.getLogger(HeartbeatSender.class);
  private static final Duration LAST_WORD = Duration.ofSeconds(2);

  private final RunnerRole role;
  private final RunnerConfig config;
  private final ChannelProducers producers;
  private final Topics topics;
  private final String version;
  private final String instance = UUID.randomUUID().toString();
  private final Instant startedAt = Instant.now();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Workers.daemon("gantry-runner-heartbeat"));
  private long sequence;

  HeartbeatSender(
      RunnerRole role,
      RunnerConfig config,
      ChannelProducers producers,
      Topics topics,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.role = role;
    this.config = config;
    this.producers = producers;
    this.topics = topics;
    this.version = version;
  }

  /** Once the channels are connected. */
  @SuppressWarnings("FutureReturnValueIgnored") // a beat throws nothing
  void start(@Observes @Priority(StartOrder.LAST) StartupEvent event) {
    if (!role.served().isEmpty()) {
      long interval = config.heartbeat().toMillis();
      timer.scheduleAtFixedRate(() -> beat(false), 0, interval, TimeUnit.MILLISECONDS);
    }
  }

  /** Before the channels are closed. */
  void stop(@Observes ShutdownEvent event) {
    if (role.served().isEmpty()) {
      timer.shutdownNow();
      return;
    }
    var last = timer.submit(() -> beat(true));
    timer.shutdown();
    try {
      last.get(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("it could not be told that this runner stops: %s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat(boolean stopping) {
    role.served().forEach(each -> beat(each, stopping));
  }

  /** Waits until it is acknowledged, so that none overtakes another. */
  private void beat(ServedRunner served, boolean stopping) {
    try {
      Heartbeat heartbeat = heartbeat(served, stopping);
      producers
          .send(
              "runner-heartbeats",
              new ProducerRecord<>(
                  topics.heartbeats(), heartbeat.key(), ProtocolJson.write(heartbeat)))
          .toCompletableFuture()
          .get();
    } catch (ExecutionException | RuntimeException e) {
      LOG.warnf("a heartbeat of %s was not sent; the next one follows: %s", served.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Heartbeat heartbeat(ServedRunner served, boolean stopping) {
    Load load = served.runner().load();
    return new Heartbeat(
        served.name(),
        instance,
        ++sequence,
        config.backend(),
        version,
        load.capacity(),
        load.usage(),
        served.runner().slots(),
        config.heartbeat().toMillis(),
        stopping,
        startedAt,
        Instant.now());
  }
}
