package dev.gantry.runners;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A runner as objects of Kubernetes: a pod that keeps to the restricted standard, and the right to
 * run steps in its own namespace and nowhere else. The token is in a Secret that is made apart, so
 * that the manifest holds nothing to be kept. Pure code.
 */
final class KubernetesManifest {
  static final String TOKEN_KEY = "token";
  private static final long USER = 65532;
  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

  private final Installation runner;

  KubernetesManifest(Installation runner) {
    this.runner = runner;
  }

  /** What a person is to do first. */
  String introduction() {
    return """
        # The runner %1$s. Make the Secret with its token, which POST /api/v1/runners (or, for
        # another one, POST /api/v1/runners/%1$s/token) answers, and then apply this file:
        #
        #   kubectl create namespace %2$s
        #   kubectl create secret generic %3$s --namespace %2$s --from-literal=%4$s=THE_TOKEN
        """
        .formatted(runner.runner(), runner.namespace(), runner.name(), TOKEN_KEY);
  }

  List<HasMetadata> objects() {
    return List.of(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(runner.namespace())
            .addToLabels("pod-security.kubernetes.io/enforce", runner.podSecurity())
            .endMetadata()
            .build(),
        new ServiceAccountBuilder()
            .withMetadata(metadata())
            .withAutomountServiceAccountToken(false)
            .build(),
        role(),
        binding(),
        deployment());
  }

  private ObjectMeta metadata() {
    return new ObjectMetaBuilder()
        .withName(runner.name())
        .withNamespace(runner.namespace())
        .withLabels(labels())
        .build();
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>(selector());
    labels.put("app.kubernetes.io/component", "runner");
    return labels;
  }

  private Map<String, String> selector() {
    Map<String, String> selector = new LinkedHashMap<>();
    selector.put(NAME_LABEL, "gantry");
    selector.put(INSTANCE_LABEL, runner.name());
    return selector;
  }

  /** One Job for each attempt, with its files; pods are only looked at. */
  private Role role() {
    return new RoleBuilder()
        .withMetadata(metadata())
        .withRules(
            rule("batch", List.of("jobs"), "create", "get", "list", "watch", "delete"),
            rule("", List.of("pods"), "get", "list", "watch"),
            rule("", List.of("pods/log"), "get"),
            rule("", List.of("configmaps", "secrets"), "create", "delete"))
        .build();
  }

  private static PolicyRule rule(String group, List<String> resources, String... verbs) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resources)
        .withVerbs(verbs)
        .build();
  }

  private RoleBinding binding() {
    return new RoleBindingBuilder()
        .withMetadata(metadata())
        .withNewRoleRef()
        .withApiGroup("rbac.authorization.k8s.io")
        .withKind("Role")
        .withName(runner.name())
        .endRoleRef()
        .addNewSubject()
        .withKind("ServiceAccount")
        .withName(runner.name())
        .withNamespace(runner.namespace())
        .endSubject()
        .build();
  }

  private Deployment deployment() {
    return new DeploymentBuilder()
        .withMetadata(metadata())
        .withNewSpec()
        .withReplicas(1)
        .withNewSelector()
        .withMatchLabels(selector())
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels())
        .endMetadata()
        .withSpec(pod())
        .endTemplate()
        .endSpec()
        .build();
  }

  private PodSpec pod() {
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
        .withContainers(container())
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("1Gi"))
        .endEmptyDir()
        .endVolume()
        .build();
  }

  private Container container() {
    return new ContainerBuilder()
        .withName("runner")
        .withImage(runner.image())
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
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .build();
  }

  private List<EnvVar> environment() {
    List<EnvVar> environment = new ArrayList<>();
    runner.environment().forEach((name, value) -> environment.add(new EnvVar(name, value, null)));
    environment.add(
        new EnvVarBuilder()
            .withName(Installation.TOKEN)
            .withNewValueFrom()
            .withNewSecretKeyRef(TOKEN_KEY, runner.name(), null)
            .endValueFrom()
            .build());
    return environment;
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
