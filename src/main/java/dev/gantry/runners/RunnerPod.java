package dev.gantry.runners;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pod of a runner: it keeps to the restricted standard, and has its settings in its
 * environment. Pure code.
 */
final class RunnerPod {
  static final String TOKEN_KEY = "token";
  static final String USERNAME_KEY = "kafka-username";
  static final String PASSWORD_KEY = "kafka-password";
  private static final String AUTHORITY = "kafka-ca";

  /** What settings of where Jobs run begin with. */
  private static final String JOBS = "GANTRY_RUNNER_KUBERNETES_";

  private static final long USER = 65532;

  private final Installation runner;
  private final Map<String, String> selector;

  /**
   * @param selector the labels that replicas of it have in common
   */
  RunnerPod(Installation runner, Map<String, String> selector) {
    this.runner = runner;
    this.selector = selector;
  }

  /** The ConfigMap with what the brokers' certificates are checked against. */
  static String authority(Installation runner) {
    return runner.name() + "-" + AUTHORITY;
  }

  PodSpec spec() {
    return new PodSpecBuilder()
        .withServiceAccountName(runner.name())
        // It creates Jobs.
        .withAutomountServiceAccountToken(true)
        // Else a Service called "kafka" would hand it KAFKA_... variables, which are settings.
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(30L)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withTopologySpreadConstraints(
            spread("kubernetes.io/hostname"), spread("topology.kubernetes.io/zone"))
        .withContainers(container())
        .withVolumes(volumes())
        .build();
  }

  /** Replicas of it, when there are some. */
  private TopologySpreadConstraint spread(String over) {
    return new TopologySpreadConstraintBuilder()
        .withTopologyKey(over)
        .withMaxSkew(1)
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(selector)
        .endLabelSelector()
        .build();
  }

  private List<Volume> volumes() {
    Volume tmp =
        new VolumeBuilder()
            .withName("tmp")
            .withNewEmptyDir()
            .withSizeLimit(new Quantity("1Gi"))
            .endEmptyDir()
            .build();
    if (!runner.kafka().ownAuthority()) {
      return List.of(tmp);
    }
    Volume authority =
        new VolumeBuilder()
            .withName(AUTHORITY)
            .withNewConfigMap()
            .withName(authority(runner))
            .addNewItem("ca.crt", null, "ca.crt")
            .endConfigMap()
            .build();
    return List.of(tmp, authority);
  }

  private Container container() {
    return new ContainerBuilder()
        .withName("gantry")
        .withImage(runner.image())
        .withImagePullPolicy("IfNotPresent")
        .addNewPort()
        .withName("http")
        .withContainerPort(8080)
        .endPort()
        .withEnv(environment())
        .withStartupProbe(probe("started", 2, 150))
        .withLivenessProbe(probe("live", 10, 6))
        .withReadinessProbe(probe("ready", 5, 3))
        .withResources(resources())
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(mounts())
        .build();
  }

  private List<VolumeMount> mounts() {
    VolumeMount tmp = new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build();
    if (!runner.kafka().ownAuthority()) {
      return List.of(tmp);
    }
    return List.of(
        tmp,
        new VolumeMountBuilder()
            .withName(AUTHORITY)
            .withMountPath(Path.of(Installation.KAFKA_AUTHORITY).getParent().toString())
            .withReadOnly(true)
            .build());
  }

  private List<EnvVar> environment() {
    List<EnvVar> environment = new ArrayList<>();
    runner.environment().forEach((name, value) -> environment.add(new EnvVar(name, value, null)));
    environment.add(new EnvVar(JOBS + "NAMESPACE", runner.namespace(), null));
    environment.add(new EnvVar(JOBS + "SECURITY", runner.podSecurity(), null));
    environment.add(fromSecret(Installation.TOKEN, TOKEN_KEY));
    if (runner.kafka().mechanism().isPresent()) {
      environment.add(fromSecret(Installation.KAFKA_USERNAME, USERNAME_KEY));
      environment.add(fromSecret(Installation.KAFKA_PASSWORD, PASSWORD_KEY));
    }
    return environment;
  }

  private EnvVar fromSecret(String variable, String key) {
    return new EnvVarBuilder()
        .withName(variable)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, runner.name(), null)
        .endValueFrom()
        .build();
  }

  private static Probe probe(String question, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/q/health/" + question)
        .withNewPort("http")
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(5)
        .withFailureThreshold(failures)
        .build();
  }

  /** Of the runner itself; steps have their own. */
  private static ResourceRequirements resources() {
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("250m"))
        .addToRequests("memory", new Quantity("512Mi"))
        .addToRequests("ephemeral-storage", new Quantity("64Mi"))
        .addToLimits("memory", new Quantity("1Gi"))
        .addToLimits("ephemeral-storage", new Quantity("1536Mi"))
        .build();
  }
}
