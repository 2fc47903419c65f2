package dev.gantry.runner;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How this process runs steps. */
@ConfigMapping(prefix = "gantry.runner")
public interface RunnerConfig {
  /** The names of the runners that this process is: it serves the commands written for any. */
  @WithName("name")
  @WithDefault("default")
  List<String> names();

  /** Where steps run: {@code local} or {@code docker}. */
  @WithDefault("local")
  String backend();

  /**
   * What it proves itself with to the API, as its registration answered it. A process that also has
   * the role of the API makes one for itself; for runners that serve every organization, it is set
   * alike here and on the API. One for all names, or one for each of them, in their order.
   */
  @WithName("token")
  Optional<List<String>> tokens();

  /** The API that it asks for the secrets of a step; the one of its own process when not set. */
  Optional<URI> apiUrl();

  /**
   * How many attempts may run at once, those of all names together; 64 or 16 per processor,
   * whichever is more.
   */
  OptionalInt capacity();

  /** How many bytes of log may wait for Kafka's acknowledgement, over all attempts. */
  @WithDefault("4194304")
  int logBuffer();

  /** How often it tells that it is there; from three that are missing on it is unhealthy. */
  @WithDefault("10s")
  Duration heartbeat();

  Local local();

  Docker docker();

  Kubernetes kubernetes();

  /** The backend of Kubernetes Jobs: what their pods are like. */
  interface Kubernetes {
    /** Where Jobs are made; the namespace of the cluster's credentials when not set. */
    Optional<String> namespace();

    /** The Pod Security Standard of pods: {@code restricted} or {@code baseline}. */
    @WithDefault("restricted")
    String security();

    /** The image of steps that name none. */
    @WithDefault("busybox:1.36")
    String image();

    /** An image with {@code git}, for tools with a {@code with_git_repo}. */
    @WithDefault("alpine/git:2.47.2")
    String gitImage();

    /** {@code Always}, {@code IfNotPresent} or {@code Never}; else by the image's tag. */
    Optional<String> imagePullPolicy();

    /** Names of Secrets with the credentials of registries. */
    Optional<List<String>> imagePullSecrets();

    /** The account of steps with {@code kubernetes/incluster}; no other step has one. */
    Optional<String> serviceAccount();

    /** Labels that a node must have, as {@code name=value}. */
    Optional<List<String>> nodeSelector();

    /** Taints that a node may have, as {@code key}, {@code key=value} or {@code key:effect}. */
    Optional<List<String>> tolerations();

    /** What every container asks for, as {@code cpu=100m}. */
    @WithDefault("cpu=100m,memory=128Mi,ephemeral-storage=128Mi")
    Optional<List<String>> requests();

    /** What every container may take at most, as {@code memory=1Gi}. */
    @WithDefault("cpu=2,memory=2Gi,ephemeral-storage=4Gi")
    Optional<List<String>> limits();

    /** Names of PersistentVolumeClaims that steps may mount by {@code with_volumes}. */
    Optional<List<String>> volumeClaims();

    /** How long a Job stays after its end; its log must have been read by then. */
    @WithDefault("1h")
    Duration ttl();

    /**
     * How long a step waits for what keeps its pod from beginning and may pass: an image that
     * cannot be pulled, no node with room.
     */
    @WithDefault("5m")
    Duration pendingLimit();

    /** How long a Job may wait for its beginning, over the step's timeout. */
    @WithDefault("10m")
    Duration deadlineSlack();

    /**
     * How often all Jobs and pods of the runner are listed, to find out whether a watch has missed
     * something.
     */
    @WithDefault("5m")
    Duration comparison();
  }

  /** The backend of host processes. */
  interface Local {
    /** Allows it in production, where it refuses to start otherwise. */
    @WithDefault("false")
    boolean enabled();

    /**
     * Where attempts have their files; one process per directory. Each name has a directory of its
     * own there, when the process has several.
     */
    @WithDefault("${user.home}/.gantry/runner")
    Path directory();

    /** How long ended executions are remembered, and so the age from which a command is refused. */
    @WithDefault("24h")
    Duration retention();

    /** How often what is forgotten is removed. */
    @WithName("sweep-interval")
    @WithDefault("10m")
    Duration sweepInterval();
  }

  /** The backend of containers on one host, through the socket of Docker or Podman. */
  interface Docker {
    /**
     * The daemon, as {@code unix:///var/run/docker.sock}; when not set, as {@code DOCKER_HOST} and
     * the other variables of Docker's own client say it.
     */
    Optional<String> host();

    /**
     * Where attempts have their files and executions their work directories; one process per
     * directory. The daemon must find it by the same path. Each name has a directory of its own
     * there, when the process has several.
     */
    @WithDefault("${user.home}/.gantry/runner-docker")
    Path directory();

    /** The image of steps that name none; {@code sh} and {@code nc} of it wait for services. */
    @WithDefault("busybox:1.36")
    String image();

    /** An image with {@code git}, for tools with a {@code with_git_repo}. */
    @WithDefault("alpine/git:2.47.2")
    String gitImage();

    /** Names of the daemon's volumes that steps may mount by {@code with_volumes}. */
    Optional<List<String>> volumes();

    /** As whom programs run, as {@code uid:gid}; who owns the work directory when not set. */
    Optional<String> user();

    /** The daemon's network that containers join; never the host's. */
    @WithDefault("bridge")
    String network();

    /** How much memory a container may use; no limit when not set. */
    Optional<MemorySize> memory();

    /** How many processors' time a container may use, as {@code 1.5}; 0 = no limit. */
    @WithDefault("0")
    double cpus();

    /** How many processes and threads a container may have; 0 = no limit. */
    @WithDefault("4096")
    long pids();

    /** Whether a small first process passes signals on; the daemon must have one. */
    @WithDefault("true")
    boolean init();

    /** What the daemon keeps logs with: {@code local}, {@code json-file} or {@code default}. */
    @WithDefault("local")
    String logDriver();
  }
}
