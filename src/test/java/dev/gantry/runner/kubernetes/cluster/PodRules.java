package dev.gantry.runner.kubernetes.cluster;

import dev.gantry.runner.kubernetes.cluster.ApiException.FieldError;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What the API server refuses in a pod's spec, as far as runners could get it wrong. */
final class PodRules {
  private final List<FieldError> errors;
  private final Set<String> volumes = new HashSet<>();
  private final Set<String> containers = new HashSet<>();

  private PodRules(List<FieldError> errors) {
    this.errors = errors;
  }

  static void check(PodSpec spec, String field, List<FieldError> errors) {
    new PodRules(errors).spec(spec, field);
  }

  private void spec(PodSpec spec, String field) {
    each(spec.getVolumes(), field + ".volumes", this::volume);
    if (spec.getContainers().isEmpty()) {
      errors.add(FieldError.required(field + ".containers", ""));
    }
    each(spec.getInitContainers(), field + ".initContainers", this::initContainer);
    each(spec.getContainers(), field + ".containers", this::mainContainer);
    each(spec.getTolerations(), field + ".tolerations", this::toleration);
    oneOf(spec.getRestartPolicy(), field + ".restartPolicy", "Always", "OnFailure", "Never");
    notNegative(spec.getTerminationGracePeriodSeconds(), field + ".terminationGracePeriodSeconds");
    Long deadline = spec.getActiveDeadlineSeconds();
    if (deadline != null && deadline < 1) {
      errors.add(
          FieldError.invalid(
              field + ".activeDeadlineSeconds",
              deadline,
              "must be between 1 and 2147483647, inclusive"));
    }
    Names.labels(spec.getNodeSelector(), field + ".nodeSelector", errors);
    if (spec.getHostname() != null) {
      Names.label(spec.getHostname(), field + ".hostname", errors);
    }
  }

  private void volume(Volume volume, String field) {
    Names.label(volume.getName(), field + ".name", errors);
    if (!volumes.add(volume.getName())) {
      errors.add(FieldError.duplicate(field + ".name", volume.getName()));
    }
    long sources =
        Stream.of(
                volume.getEmptyDir(),
                volume.getConfigMap(),
                volume.getSecret(),
                volume.getDownwardAPI(),
                volume.getProjected(),
                volume.getPersistentVolumeClaim(),
                volume.getHostPath())
            .filter(Objects::nonNull)
            .count();
    if (sources == 0) {
      errors.add(FieldError.required(field, "must specify a volume type"));
    } else if (sources > 1) {
      errors.add(FieldError.forbidden(field, "may not specify more than 1 volume type"));
    }
    if (volume.getConfigMap() != null) {
      required(volume.getConfigMap().getName(), field + ".configMap.name");
      each(volume.getConfigMap().getItems(), field + ".configMap.items", this::item);
    }
    if (volume.getSecret() != null) {
      required(volume.getSecret().getSecretName(), field + ".secret.secretName");
      each(volume.getSecret().getItems(), field + ".secret.items", this::item);
    }
    if (volume.getPersistentVolumeClaim() != null) {
      required(
          volume.getPersistentVolumeClaim().getClaimName(),
          field + ".persistentVolumeClaim.claimName");
    }
    if (volume.getDownwardAPI() != null) {
      each(
          volume.getDownwardAPI().getItems(),
          field + ".downwardAPI",
          (item, at) -> {
            path(item.getPath(), at + ".path");
            if (item.getFieldRef() == null && item.getResourceFieldRef() == null) {
              errors.add(
                  FieldError.required(at, "one of fieldRef and resourceFieldRef is required"));
            } else if (item.getFieldRef() != null) {
              fieldPath(
                  item.getFieldRef().getFieldPath(),
                  at + ".fieldRef.fieldPath",
                  "metadata\\.(annotations|labels|name|namespace|uid)"
                      + "|metadata\\.(annotations|labels)\\['[^']+'\\]");
            }
          });
    }
  }

  private void item(KeyToPath item, String field) {
    required(item.getKey(), field + ".key");
    path(item.getPath(), field + ".path");
  }

  private void initContainer(Container container, String field) {
    container(container, field);
    oneOf(container.getRestartPolicy(), field + ".restartPolicy", "Always");
    boolean sidecar = "Always".equals(container.getRestartPolicy());
    if (!sidecar
        && (container.getReadinessProbe() != null || container.getStartupProbe() != null)) {
      errors.add(
          FieldError.forbidden(
              field, "probes may not be set for init containers without restartPolicy=Always"));
    }
  }

  private void mainContainer(Container container, String field) {
    container(container, field);
    if (container.getRestartPolicy() != null) {
      errors.add(
          FieldError.forbidden(field + ".restartPolicy", "may not be set for non-init containers"));
    }
  }

  private void container(Container container, String field) {
    Names.label(container.getName(), field + ".name", errors);
    if (!containers.add(container.getName())) {
      errors.add(FieldError.duplicate(field + ".name", container.getName()));
    }
    required(container.getImage(), field + ".image");
    if (container.getImage() != null
        && !container.getImage().equals(container.getImage().strip())) {
      errors.add(
          FieldError.invalid(
              field + ".image",
              container.getImage(),
              "must not have leading or trailing whitespace"));
    }
    oneOf(
        container.getImagePullPolicy(),
        field + ".imagePullPolicy",
        "Always",
        "IfNotPresent",
        "Never");
    each(container.getEnv(), field + ".env", this::variable);
    Set<String> paths = new HashSet<>();
    each(
        container.getVolumeMounts(),
        field + ".volumeMounts",
        (mount, at) -> mount(mount, at, paths));
    resources(container.getResources(), field + ".resources");
  }

  private void variable(EnvVar variable, String field) {
    required(variable.getName(), field + ".name");
    if (variable.getName() != null && !variable.getName().matches("[ -<>-~]*")) {
      errors.add(
          FieldError.invalid(
              field + ".name",
              variable.getName(),
              "a valid environment variable name must consist only of printable ASCII characters"
                  + " other than '='"));
    }
    EnvVarSource source = variable.getValueFrom();
    if (source == null) {
      return;
    }
    if (variable.getValue() != null && !variable.getValue().isEmpty()) {
      errors.add(
          FieldError.invalid(
              field + ".valueFrom", "", "may not be specified when `value` is not empty"));
    }
    if (source.getSecretKeyRef() != null) {
      required(source.getSecretKeyRef().getKey(), field + ".valueFrom.secretKeyRef.key");
    }
    if (source.getConfigMapKeyRef() != null) {
      required(source.getConfigMapKeyRef().getKey(), field + ".valueFrom.configMapKeyRef.key");
    }
    if (source.getFieldRef() != null) {
      fieldPath(
          source.getFieldRef().getFieldPath(),
          field + ".valueFrom.fieldRef.fieldPath",
          "metadata\\.(name|namespace|uid)|spec\\.(nodeName|serviceAccountName)"
              + "|status\\.(hostIP|hostIPs|podIP|podIPs)"
              + "|metadata\\.(annotations|labels)\\['[^']+'\\]");
    }
  }

  private void mount(VolumeMount mount, String field, Set<String> paths) {
    required(mount.getName(), field + ".name");
    required(mount.getMountPath(), field + ".mountPath");
    if (mount.getName() != null && !volumes.contains(mount.getName())) {
      errors.add(FieldError.notFound(field + ".name", mount.getName()));
    }
    if (!paths.add(mount.getMountPath())) {
      errors.add(FieldError.invalid(field + ".mountPath", mount.getMountPath(), "must be unique"));
    }
    if (mount.getMountPath() != null && mount.getMountPath().contains(":")) {
      errors.add(
          FieldError.invalid(field + ".mountPath", mount.getMountPath(), "must not contain ':'"));
    }
    if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
      path(mount.getSubPath(), field + ".subPath");
    }
  }

  private void resources(ResourceRequirements resources, String field) {
    if (resources == null) {
      return;
    }
    Map<String, Quantity> limits = or(resources.getLimits());
    Map<String, Quantity> requests = or(resources.getRequests());
    limits.forEach((name, amount) -> quantity(amount, field + ".limits[" + name + "]"));
    requests.forEach(
        (name, amount) -> {
          quantity(amount, field + ".requests[" + name + "]");
          var limit = Sizes.amount(limits.getOrDefault(name, amount));
          var request = Sizes.amount(amount);
          if (limit.isPresent()
              && request.isPresent()
              && request.get().compareTo(limit.get()) > 0) {
            errors.add(
                FieldError.invalid(
                    field + ".requests",
                    amount,
                    "must be less than or equal to " + name + " limit of " + limits.get(name)));
          }
        });
  }

  private void quantity(Quantity quantity, String field) {
    var amount = Sizes.amount(quantity);
    if (amount.isEmpty()) {
      errors.add(FieldError.invalid(field, quantity, "must be a quantity"));
    } else if (amount.get().signum() < 0) {
      errors.add(FieldError.invalid(field, quantity, "must be greater than or equal to 0"));
    }
  }

  private void toleration(Toleration toleration, String field) {
    oneOf(toleration.getOperator(), field + ".operator", "Equal", "Exists");
    oneOf(toleration.getEffect(), field + ".effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
    boolean exists = "Exists".equals(toleration.getOperator());
    if (exists && toleration.getValue() != null && !toleration.getValue().isEmpty()) {
      errors.add(
          FieldError.invalid(
              field + ".operator", "Exists", "value must be empty when `operator` is 'Exists'"));
    }
    if (!exists && (toleration.getKey() == null || toleration.getKey().isEmpty())) {
      errors.add(
          FieldError.invalid(
              field + ".operator",
              toleration.getOperator(),
              "operator must be Exists when `key` is empty, which means \"match all values and all"
                  + " keys\""));
    }
  }

  private void fieldPath(String value, String field, String supported) {
    required(value, field);
    if (value != null && !value.matches(supported)) {
      errors.add(FieldError.invalid(field, value, "not a supported field path"));
    }
  }

  private void path(String value, String field) {
    required(value, field);
    if (value != null && value.startsWith("/")) {
      errors.add(FieldError.invalid(field, value, "must be a relative path"));
    }
    if (value != null && List.of(value.split("/", -1)).contains("..")) {
      errors.add(FieldError.invalid(field, value, "must not contain '..'"));
    }
  }

  private void required(String value, String field) {
    if (value == null || value.isEmpty()) {
      errors.add(FieldError.required(field, ""));
    }
  }

  private void notNegative(Long value, String field) {
    if (value != null && value < 0) {
      errors.add(FieldError.invalid(field, value, "must be greater than or equal to 0"));
    }
  }

  private void oneOf(String value, String field, String... supported) {
    if (value != null && !value.isEmpty() && !List.of(supported).contains(value)) {
      errors.add(FieldError.unsupported(field, value, List.of(supported)));
    }
  }

  private interface Rule<T> {
    void check(T item, String field);
  }

  private static <T> void each(List<T> items, String field, Rule<T> rule) {
    List<T> all = items == null ? new ArrayList<>() : items;
    for (int i = 0; i < all.size(); i++) {
      rule.check(all.get(i), field + "[" + i + "]");
    }
  }

  private static Map<String, Quantity> or(Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }
}
