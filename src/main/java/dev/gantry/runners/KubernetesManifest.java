package dev.gantry.runners;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A runner as objects of Kubernetes, those that the chart {@code gantry-runner} renders: a pod that
 * keeps to the restricted standard, and the right to run steps in its own namespace and nowhere
 * else. The token is in a Secret that is made apart, so that the manifest holds nothing to be kept.
 * Pure code.
 */
final class KubernetesManifest {
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
        #   kubectl create secret generic %3$s --namespace %2$s --from-literal=%4$s=THE_TOKEN%5$s
        """
        .formatted(
            runner.runner(), runner.namespace(), runner.name(), RunnerPod.TOKEN_KEY, ofKafka());
  }

  private String ofKafka() {
    String text = "";
    if (runner.kafka().mechanism().isPresent()) {
      text +=
          " \\\n#     --from-literal=%s=... --from-literal=%s=..."
              .formatted(RunnerPod.USERNAME_KEY, RunnerPod.PASSWORD_KEY);
    }
    if (runner.kafka().ownAuthority()) {
      text +=
          "\n#   kubectl create configmap %s --namespace %s --from-file=ca.crt"
              .formatted(RunnerPod.authority(runner), runner.namespace());
    }
    return text;
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

  /** One Job for each attempt, with its files; its pods are watched, read and ended. */
  private Role role() {
    return new RoleBuilder()
        .withMetadata(metadata())
        .withRules(
            rule("batch", List.of("jobs"), "create", "get", "list", "watch", "patch", "delete"),
            rule("", List.of("pods"), "get", "list", "watch", "delete"),
            rule("", List.of("pods/log"), "get"),
            rule("", List.of("configmaps", "secrets"), "create", "delete"),
            rule("", List.of("events"), "list", "watch"),
            rule("", List.of("resourcequotas"), "get", "list"))
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
        .withNewStrategy()
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString(1))
        .withMaxUnavailable(new IntOrString(0))
        .endRollingUpdate()
        .endStrategy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels())
        .endMetadata()
        .withSpec(new RunnerPod(runner, selector()).spec())
        .endTemplate()
        .endSpec()
        .build();
  }
}
