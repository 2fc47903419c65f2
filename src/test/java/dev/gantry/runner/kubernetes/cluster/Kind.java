package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the API server serves, all of it in namespaces; another kind is one more line. {@code
 * fields} are those a field selector may name besides the name and the namespace.
 */
record Kind(
    String group,
    String version,
    String name,
    String plural,
    Class<? extends HasMetadata> model,
    Set<String> fields) {
  static final Kind JOBS =
      new Kind("batch", "v1", "Job", "jobs", Job.class, Set.of("status.successful"));
  static final Kind PODS =
      new Kind(
          "",
          "v1",
          "Pod",
          "pods",
          Pod.class,
          Set.of("spec.nodeName", "spec.restartPolicy", "status.phase", "status.podIP"));
  static final Kind CONFIG_MAPS =
      new Kind("", "v1", "ConfigMap", "configmaps", ConfigMap.class, Set.of());
  static final Kind SECRETS = new Kind("", "v1", "Secret", "secrets", Secret.class, Set.of("type"));
  static final Kind EVENTS =
      new Kind(
          "",
          "v1",
          "Event",
          "events",
          Event.class,
          Set.of(
              "involvedObject.kind",
              "involvedObject.name",
              "involvedObject.namespace",
              "involvedObject.uid",
              "reason",
              "type"));
  static final Kind CLAIMS =
      new Kind(
          "",
          "v1",
          "PersistentVolumeClaim",
          "persistentvolumeclaims",
          PersistentVolumeClaim.class,
          Set.of());
  static final Kind QUOTAS =
      new Kind("", "v1", "ResourceQuota", "resourcequotas", ResourceQuota.class, Set.of());
  static final Kind LEASES =
      new Kind("coordination.k8s.io", "v1", "Lease", "leases", Lease.class, Set.of());

  private static final List<Kind> ALL =
      List.of(JOBS, PODS, CONFIG_MAPS, SECRETS, EVENTS, CLAIMS, QUOTAS, LEASES);

  static Optional<Kind> served(String group, String version, String plural) {
    return ALL.stream()
        .filter(k -> k.group.equals(group) && k.version.equals(version) && k.plural.equals(plural))
        .findFirst();
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code jobs.batch}, as error messages call it. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  @Override
  public String toString() {
    return qualified();
  }
}
