package dev.gantry.runner.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.NameParser;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.gantry.executions.protocol.ProtocolJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The few things that are asked of a daemon. All block, on any thread; interrupt it to give up.
 * What the daemon refuses is a {@link RefusedException}.
 */
final class Daemon implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Daemon.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final int CONNECTIONS = 10_000;
  private static final int LAST_LINES = 5;
  private static final int MOST_LETTERS = 2000;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final int INTERNAL = 500;
  private static final int UNAVAILABLE = 503;

  private final String address;
  private final DockerClient calls;

  /** For answers that go on for as long as a program runs. */
  private final DockerClient streams;

  private final AtomicBoolean away = new AtomicBoolean();

  private interface Question<T> {
    T ask() throws InterruptedException;
  }

  /**
   * @param host as {@code unix:///var/run/docker.sock}; null = as the environment of Docker's own
   *     client says it
   */
  Daemon(String host) {
    DefaultDockerClientConfig.Builder config =
        DefaultDockerClientConfig.createDefaultConfigBuilder();
    if (host != null) {
      config.withDockerHost(host);
    }
    DockerClientConfig built = config.build();
    address = built.getDockerHost().toString();
    calls = client(built, ANSWER);
    streams = client(built, Duration.ZERO);
  }

  private static DockerClient client(DockerClientConfig config, Duration answer) {
    return DockerClientImpl.getInstance(
        config,
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .maxConnections(CONNECTIONS)
            .connectionTimeout(CONNECT)
            .responseTimeout(answer)
            .build());
  }

  String address() {
    return address;
  }

  Info info() throws DaemonAwayException, InterruptedException {
    return ask(() -> calls.infoCmd().exec());
  }

  /** The container of this name or id; empty when there is none. */
  Optional<ContainerState> find(String container) throws DaemonAwayException, InterruptedException {
    try {
      return Optional.of(ask(() -> ContainerState.of(calls.inspectContainerCmd(container).exec())));
    } catch (RefusedException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      // There is nothing wrong with the question.
      throw new DaemonAwayException(e.getMessage(), e);
    }
  }

  /** All containers with these labels, running or not. */
  List<Container> list(Map<String, String> labels)
      throws DaemonAwayException, InterruptedException {
    return ask(() -> calls.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec());
  }

  /**
   * Makes a container; its image is pulled when it is not there.
   *
   * @return false when there is one of this name
   */
  boolean create(Creation wanted) throws DaemonAwayException, InterruptedException {
    try {
      return createOfPresent(wanted);
    } catch (RefusedException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    }
    pull(wanted.image());
    return createOfPresent(wanted);
  }

  private boolean createOfPresent(Creation wanted)
      throws DaemonAwayException, InterruptedException {
    try {
      ask(() -> creation(wanted).exec());
      return true;
    } catch (RefusedException e) {
      if (e.status() == CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private CreateContainerCmd creation(Creation wanted) {
    CreateContainerCmd creation =
        calls
            .createContainerCmd(wanted.image())
            .withName(wanted.name())
            .withLabels(wanted.labels())
            .withEnv(
                wanted.environment().entrySet().stream()
                    .map(each -> each.getKey() + "=" + each.getValue())
                    .toList())
            .withUser(wanted.user())
            .withHostConfig(wanted.host());
    if (wanted.directory() != null) {
      creation.withWorkingDir(wanted.directory().toString());
    }
    if (!wanted.argv().isEmpty()) {
      // The image's own entrypoint is another program.
      creation
          .withEntrypoint(wanted.argv().get(0))
          .withCmd(wanted.argv().subList(1, wanted.argv().size()));
    }
    if (!wanted.aliases().isEmpty()) {
      creation.withAliases(wanted.aliases());
    }
    return creation;
  }

  private void pull(String image) throws DaemonAwayException, InterruptedException {
    NameParser.ReposTag name = NameParser.parseRepositoryTag(image);
    // Without a tag, all that there are would be pulled.
    String one = name.tag.isEmpty() && !image.contains("@") ? image + ":latest" : image;
    try {
      ask(
          () -> {
            try (Pull pull = new Pull()) {
              streams.pullImageCmd(one).exec(pull).awaitCompletion();
              if (pull.fault != null) {
                throw new RefusedException(INTERNAL, pull.fault);
              }
              return true;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (RefusedException e) {
      throw new RefusedException(
          e.status(), "image " + image + " cannot be pulled: " + e.getMessage());
    }
  }

  /** Makes a network that leads nowhere else, unless there is one of the name. */
  void ensureNetwork(String name, Map<String, String> labels)
      throws DaemonAwayException, InterruptedException {
    try {
      ask(
          () ->
              calls
                  .createNetworkCmd()
                  .withName(name)
                  .withDriver("bridge")
                  .withInternal(true)
                  .withCheckDuplicate(true)
                  .withLabels(labels)
                  .exec());
    } catch (RefusedException e) {
      if (e.status() != CONFLICT) {
        throw e;
      }
    }
  }

  /** Harmless when the container is in the network. */
  void connect(String container, String network, List<String> aliases)
      throws DaemonAwayException, InterruptedException {
    try {
      ask(
          () ->
              calls
                  .connectToNetworkCmd()
                  .withNetworkId(network)
                  .withContainerId(container)
                  .withContainerNetwork(new ContainerNetwork().withAliases(aliases))
                  .exec());
    } catch (RefusedException e) {
      if (!String.valueOf(e.getMessage()).contains("already")) {
        throw e;
      }
    }
  }

  /** All networks with these labels. */
  List<Network> networks(Map<String, String> labels)
      throws DaemonAwayException, InterruptedException {
    List<String> wanted =
        labels.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
    return ask(() -> calls.listNetworksCmd().withFilter("label", wanted).exec());
  }

  /** Harmless when it is not there, and when something is in it still: then it is left. */
  void removeNetwork(String network) throws DaemonAwayException, InterruptedException {
    try {
      ask(() -> calls.removeNetworkCmd(network).exec());
    } catch (RefusedException e) {
      if (e.status() != NOT_FOUND && e.status() != FORBIDDEN && e.status() != CONFLICT) {
        throw e;
      }
    }
  }

  /** Waits until it has ended, and answers its exit code. */
  long await(String container) throws DaemonAwayException, InterruptedException {
    return ask(
        () -> {
          try (WaitContainerResultCallback ended = new WaitContainerResultCallback()) {
            return streams.waitContainerCmd(container).exec(ended).awaitStatusCode();
          } catch (DockerClientException e) {
            // The connection broke, or this thread is to give up.
            throw new IllegalStateException(e.getMessage(), e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The end of what a container that has ended has written. */
  String lastWords(String container) throws DaemonAwayException, InterruptedException {
    Collector words = new Collector();
    ask(
        () -> {
          try (words) {
            return streams
                .logContainerCmd(container)
                .withStdOut(true)
                .withStdErr(true)
                .withTail(LAST_LINES)
                .exec(words)
                .awaitCompletion();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return words.text().strip();
  }

  /** Harmless when it runs or has run. */
  void start(String container) throws DaemonAwayException, InterruptedException {
    ask(
        () -> {
          try {
            return calls.startContainerCmd(container).exec();
          } catch (NotModifiedException started) {
            return null;
          }
        });
  }

  /**
   * Hands its log to {@code log}, from the beginning on.
   *
   * @param follow until the container has ended, but perhaps not all of the last that it wrote
   */
  void log(String container, boolean follow, LogFiles log)
      throws DaemonAwayException, InterruptedException {
    Follower follower = new Follower(log);
    ask(
        () -> {
          try (follower) {
            return streams
                .logContainerCmd(container)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(follow)
                .exec(follower)
                .awaitCompletion();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Does nothing to a container that does not run. */
  void signal(String container, String signal) throws DaemonAwayException, InterruptedException {
    try {
      ask(() -> calls.killContainerCmd(container).withSignal("SIG" + signal).exec());
    } catch (RefusedException e) {
      if (e.status() != NOT_FOUND && e.status() != CONFLICT) {
        throw e;
      }
    }
  }

  /** Kills it if it runs; harmless when it is not there. */
  void remove(String container) throws DaemonAwayException, InterruptedException {
    try {
      ask(() -> calls.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec());
    } catch (RefusedException e) {
      if (e.status() != NOT_FOUND && e.status() != CONFLICT) {
        throw e;
      }
    }
  }

  private <T> T ask(Question<T> question) throws DaemonAwayException, InterruptedException {
    try {
      T answer = question.ask();
      if (away.compareAndSet(true, false)) {
        LOG.infof("the daemon at %s answers again", address);
      }
      return answer;
    } catch (DockerException e) {
      int status = e.getHttpStatus();
      if (status == TOO_MANY || status == UNAVAILABLE) {
        throw away(e);
      }
      throw new RefusedException(status, message(e));
    } catch (RefusedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw away(e);
    }
  }

  private DaemonAwayException away(RuntimeException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (away.compareAndSet(false, true)) {
      LOG.warnf("the daemon at %s does not answer, and is asked again: %s", address, e);
    }
    return new DaemonAwayException(e.getMessage(), e);
  }

  /** What the daemon says, without what is said of HTTP around it. */
  private static String message(DockerException e) {
    String text = String.valueOf(e.getMessage());
    int json = text.indexOf('{');
    try {
      JsonNode said =
          json < 0
              ? null
              : ProtocolJson.read(
                  text.substring(json).getBytes(StandardCharsets.UTF_8), JsonNode.class);
      return said == null || !said.hasNonNull("message") ? text : said.get("message").asText();
    } catch (IOException notJson) {
      return text;
    }
  }

  @Override
  public void close() {
    for (DockerClient client : List.of(streams, calls)) {
      try {
        client.close();
      } catch (IOException e) {
        LOG.debugf("the connections to %s are left to the system: %s", address, e);
      }
    }
  }

  /** Podman tells a fault without a status, which the library's own callback cannot take. */
  private static final class Pull extends ResultCallback.Adapter<PullResponseItem> {
    private volatile String fault;

    @Override
    @SuppressWarnings("deprecation") // Podman tells nothing else
    public void onNext(PullResponseItem item) {
      if (item.getErrorDetail() != null) {
        fault = item.getErrorDetail().getMessage();
      } else if (item.getError() != null) {
        fault = item.getError();
      }
    }
  }

  private static final class Collector extends ResultCallback.Adapter<Frame> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void onNext(Frame frame) {
      bytes.writeBytes(frame.getPayload());
    }

    String text() {
      String text = bytes.toString(StandardCharsets.UTF_8);
      return text.substring(Math.max(0, text.length() - MOST_LETTERS));
    }
  }

  private static final class Follower extends ResultCallback.Adapter<Frame> {
    private final LogFiles log;

    Follower(LogFiles log) {
      this.log = log;
    }

    @Override
    public void onNext(Frame frame) {
      try {
        log.take(frame);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
