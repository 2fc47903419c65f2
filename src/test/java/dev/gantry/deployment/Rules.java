package dev.gantry.deployment;

import static dev.gantry.deployment.Documents.at;
import static dev.gantry.deployment.Documents.kind;
import static dev.gantry.deployment.Documents.list;
import static dev.gantry.deployment.Documents.name;
import static dev.gantry.deployment.Documents.pod;
import static dev.gantry.deployment.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds for all objects that deploy Gantry, whoever has written them. */
final class Rules {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap", "downwardAPI", "emptyDir", "persistentVolumeClaim", "projected", "secret");

  private Rules() {}

  /** Each object is right by itself, and together they make sense. */
  static void check(List<Map<String, Object>> objects) {
    assertThat(objects).isNotEmpty();
    for (Map<String, Object> object : objects) {
      KubernetesSchema.check(object);
      if (pod(object) != null) {
        restricted(name(object), pod(object));
      }
    }
    assertThat(objects.stream().map(Rules::identity).toList()).doesNotHaveDuplicates();
    fitTogether(objects);
    onlyTheRunnerHasRights(objects);
  }

  private static String identity(Map<String, Object> object) {
    return kind(object) + " " + text(object, "metadata", "namespace") + "/" + name(object);
  }

  /**
   * The strictest of Kubernetes' Pod Security standards, and a root file system that is read only.
   */
  private static void restricted(String of, Object pod) {
    assertThat(at(pod, "securityContext", "runAsNonRoot")).as(of).isEqualTo(true);
    assertThat(at(pod, "securityContext", "runAsUser")).as(of).isEqualTo(65532);
    assertThat(at(pod, "securityContext", "seccompProfile", "type"))
        .as(of)
        .isEqualTo("RuntimeDefault");
    for (String host : List.of("hostNetwork", "hostPID", "hostIPC", "hostUsers")) {
      assertThat(at(pod, host)).as(of + ": " + host).isNull();
    }
    for (Map<String, Object> volume : list(pod, "volumes")) {
      assertThat(volume.keySet().stream().filter(key -> !key.equals("name")).toList())
          .as(of + ": volume " + volume.get("name"))
          .isSubsetOf(VOLUMES);
    }
    List<Map<String, Object>> containers =
        Stream.concat(list(pod, "containers").stream(), list(pod, "initContainers").stream())
            .toList();
    assertThat(containers).isNotEmpty();
    for (Map<String, Object> container : containers) {
      Object security = container.get("securityContext");
      assertThat(security)
          .as(of)
          .isEqualTo(
              Map.of(
                  "allowPrivilegeEscalation", false,
                  "readOnlyRootFilesystem", true,
                  "capabilities", Map.of("drop", List.of("ALL"))));
      assertThat(list(container, "ports")).as(of).noneMatch(port -> port.containsKey("hostPort"));
      assertThat(at(container, "resources", "limits", "memory")).as(of + ": memory").isNotNull();
    }
  }

  private static void fitTogether(List<Map<String, Object>> objects) {
    List<Map<String, Object>> deployments = of("Deployment", objects);
    for (Map<String, Object> deployment : deployments) {
      Object pod = pod(deployment);
      assertThat(entries(at(deployment, "spec", "template", "metadata", "labels")))
          .as(name(deployment))
          .containsAll(entries(at(deployment, "spec", "selector", "matchLabels")));
      Set<String> volumes = names(list(pod, "volumes"));
      for (Map<String, Object> container : list(pod, "containers")) {
        assertThat(names(list(container, "volumeMounts"))).isEqualTo(volumes);
        assertThat(
                list(container, "envFrom").stream()
                    .map(from -> text(from, "configMapRef", "name"))
                    .toList())
            .isSubsetOf(of("ConfigMap", objects).stream().map(Documents::name).toList());
        assertThat(names(list(container, "env")))
            .as("no variable stands twice")
            .hasSameSizeAs(list(container, "env"));
      }
    }
    for (Map<String, Object> budget : of("PodDisruptionBudget", objects)) {
      assertThat(selected(at(budget, "spec", "selector", "matchLabels"), deployments))
          .as(name(budget))
          .hasSize(1);
    }
    for (Map<String, Object> policy : of("NetworkPolicy", objects)) {
      assertThat(selected(at(policy, "spec", "podSelector", "matchLabels"), deployments))
          .as(name(policy))
          .hasSize(1);
    }
    for (Map<String, Object> service : of("Service", objects)) {
      assertThat(selected(at(service, "spec", "selector"), deployments)).isNotEmpty();
    }
    for (Map<String, Object> scaler : of("HorizontalPodAutoscaler", objects)) {
      String target = text(scaler, "spec", "scaleTargetRef", "name");
      assertThat(deployments)
          .filteredOn(deployment -> name(deployment).equals(target))
          .singleElement()
          .satisfies(
              deployment ->
                  assertThat(at(deployment, "spec", "replicas"))
                      .as("replicas of what is scaled")
                      .isNull());
    }
  }

  /** Runners create Jobs; nobody else gets a token, and nobody a right beyond a namespace. */
  private static void onlyTheRunnerHasRights(List<Map<String, Object>> objects) {
    for (Map<String, Object> object : objects) {
      assertThat(kind(object)).isNotIn("ClusterRole", "ClusterRoleBinding");
      if (pod(object) != null) {
        boolean runner =
            "runner".equals(text(object, "metadata", "labels", "app.kubernetes.io/component"));
        assertThat(at(pod(object), "automountServiceAccountToken"))
            .as(name(object))
            .isEqualTo(runner);
      }
    }
    Set<String> runners =
        of("Deployment", objects).stream()
            .filter(d -> Objects.equals(at(pod(d), "automountServiceAccountToken"), true))
            .map(d -> text(pod(d), "serviceAccountName"))
            .collect(Collectors.toSet());
    for (Map<String, Object> binding : of("RoleBinding", objects)) {
      assertThat(names(list(binding, "subjects"))).isEqualTo(runners);
      assertThat(of("Role", objects).stream().map(Documents::name))
          .contains(text(binding, "roleRef", "name"));
    }
    for (Map<String, Object> role : of("Role", objects)) {
      assertThat(list(role, "rules")).as("rights to run Jobs").isEqualTo(JOBS);
    }
  }

  private static final List<Map<String, Object>> JOBS =
      List.of(
          right("batch", "jobs", "create", "get", "list", "watch", "patch", "delete"),
          right("", "pods", "get", "list", "watch", "delete"),
          right("", "pods/log", "get"),
          right("", "configmaps,secrets", "create", "delete"),
          right("", "events", "list", "watch"),
          right("", "resourcequotas", "get", "list"));

  private static Map<String, Object> right(String group, String resources, String... verbs) {
    return Map.of(
        "apiGroups", List.of(group),
        "resources", List.of(resources.split(",", -1)),
        "verbs", List.of(verbs));
  }

  static List<Map<String, Object>> of(String kind, List<Map<String, Object>> objects) {
    return objects.stream().filter(object -> kind.equals(kind(object))).toList();
  }

  private static List<Map<String, Object>> selected(
      Object labels, List<Map<String, Object>> deployments) {
    return deployments.stream()
        .filter(
            deployment ->
                entries(at(deployment, "spec", "template", "metadata", "labels"))
                    .containsAll(entries(labels)))
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static Set<Map.Entry<String, Object>> entries(Object map) {
    assertThat(map).isInstanceOf(Map.class);
    return ((Map<String, Object>) map).entrySet();
  }

  private static Set<String> names(List<Map<String, Object>> named) {
    return named.stream().map(each -> text(each, "name")).collect(Collectors.toSet());
  }
}
