package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.gantry.executions.protocol.ContainerSpec.Service;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.container.GitClone;
import dev.gantry.runner.container.Places;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What there is before a step's container begins: a network of its own with its services, and the
 * clone of its repository. All has its name from the attempt's, so that a process after this one
 * goes on where the other was killed, and bears the attempt's labels, by which it is removed. On
 * the attempt's thread; blocks.
 */
final class Companions {
  /** Which of the attempt's containers it is; the step's own has no such label. */
  static final String PART = "dev.gantry.part";

  /** Tries, a fifth of a second apart: five minutes, as long as a pod's services are waited for. */
  private static final int TRIES = 1500;

  /** Of one nc or another: not each has {@code -z}. */
  private static final String LISTENS =
      """
      i=0
      until nc -z "$0" "$1" 2>/dev/null || nc -w 1 "$0" "$1" -e true 2>/dev/null; do
        i=$((i+1)); [ $i -lt $2 ] || exit 1; sleep 0.2
      done""";

  /** Asks the daemon until it answers, or nobody waits for the step any more. */
  interface Asking {
    <T> T persist(DockerAttempt.Question<T> question) throws InterruptedException;
  }

  private final AttemptKey key;
  private final ContainerPlan plan;
  private final StepMounts mounts;
  private final String user;
  private final DockerSettings settings;
  private final Daemon daemon;
  private final Asking asking;

  Companions(
      AttemptKey key,
      ContainerPlan plan,
      StepMounts mounts,
      String user,
      DockerResources resources,
      Asking asking) {
    this.key = key;
    this.plan = plan;
    this.mounts = mounts;
    this.user = user;
    this.settings = resources.settings();
    this.daemon = resources.daemon();
    this.asking = asking;
  }

  /**
   * Brings all of it about, and waits until it is ready.
   *
   * @throws RefusedException when it cannot be had
   */
  void begin() throws InterruptedException {
    if (!plan.surroundings().services().isEmpty()) {
      asking.persist(
          () -> {
            daemon.ensureNetwork(plan.name(), plan.labels());
            return true;
          });
      for (Service service : plan.surroundings().services()) {
        run(service(service));
      }
      for (Service service : plan.surroundings().services()) {
        if (!service.ports().isEmpty()) {
          awaitListening(service);
        }
      }
    }
    if (plan.surroundings().repository() != null) {
      fetch(plan.surroundings().repository());
    }
  }

  /** In a network by itself it must be made there: nothing can join another one beside none. */
  HostConfig within(HostConfig host) {
    return plan.surroundings().services().isEmpty() || !isApart()
        ? host
        : host.withNetworkMode(plan.name());
  }

  private boolean isApart() {
    return settings.network().equals("none");
  }

  /** Before it is started; harmless when it was done. */
  void join(String container, List<String> aliases) throws InterruptedException {
    if (!plan.surroundings().services().isEmpty() && !isApart()) {
      asking.persist(
          () -> {
            daemon.connect(container, plan.name(), aliases);
            return true;
          });
    }
  }

  private Creation service(Service service) {
    HostConfig host =
        within(settings.host(List.of())).withRestartPolicy(RestartPolicy.unlessStoppedRestart());
    return creation(
        service.name() + "-svc",
        service.image(),
        service.entrypoint(),
        service.env(),
        null,
        host,
        List.of(service.name(), service.name() + "-svc"));
  }

  private Creation creation(
      String part,
      String image,
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      HostConfig host,
      List<String> aliases) {
    Map<String, String> labels = new TreeMap<>(plan.labels());
    labels.put(PART, part);
    return new Creation(
        plan.name() + "-" + part, labels, image, argv, environment, directory, user, host, aliases);
  }

  /** Makes it and starts it, unless a process before this one did. */
  private void run(Creation creation) throws InterruptedException {
    boolean created = asking.persist(() -> daemon.create(creation));
    Optional<ContainerState> there =
        created ? Optional.empty() : asking.persist(() -> daemon.find(creation.name()));
    if (there.isPresent() && !there.get().isOf(key)) {
      throw RefusedException.ofTheHost(
          "a container named "
              + creation.name()
              + " is there and was not made by Gantry; remove it");
    }
    if (there.isEmpty() || there.get().startedAt() == null) {
      join(creation.name(), creation.aliases());
      asking.persist(
          () -> {
            daemon.start(creation.name());
            return true;
          });
    }
  }

  /** By a container, since the daemon's networks need not be this process's. */
  private void awaitListening(Service service) throws InterruptedException {
    int port = service.ports().get(0);
    Creation probe =
        creation(
            service.name() + "-probe",
            settings.image(),
            List.of("sh", "-c", LISTENS, service.name(), "" + port, "" + TRIES),
            Map.of(),
            null,
            within(settings.host(List.of())),
            List.of());
    run(probe);
    long exit = asking.persist(() -> daemon.await(probe.name()));
    if (exit == 1) {
      throw RefusedException.ofTheStep(
          "service " + service.name() + " has not listened at port " + port + " for five minutes");
    }
    if (exit != 0) {
      throw RefusedException.ofTheHost(
          "whether service "
              + service.name()
              + " listens cannot be found out by image "
              + settings.image()
              + ", which must have sh and nc: "
              + said(probe.name()));
    }
  }

  private void fetch(GitClone clone) throws InterruptedException {
    Creation git =
        creation(
            "git",
            settings.gitImage(),
            clone.command(),
            clone.environment(),
            Places.WORK,
            within(settings.host(mounts.bindsOfClone())),
            List.of());
    run(git);
    long exit = asking.persist(() -> daemon.await(git.name()));
    if (exit != 0) {
      throw RefusedException.ofTheStep(
          "the repository cannot be cloned (exit code " + exit + "): " + said(git.name()));
    }
  }

  private String said(String container) throws InterruptedException {
    return asking.persist(() -> daemon.lastWords(container));
  }
}
