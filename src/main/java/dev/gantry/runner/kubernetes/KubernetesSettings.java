package dev.gantry.runner.kubernetes;

import dev.gantry.runner.RunnerConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the operator of a runner says of the pods that it makes.
 *
 * @param namespace of all that is made
 * @param image of steps that name none
 * @param gitImage has a {@code git} and clones what steps want cloned
 * @param pullPolicy null = what Kubernetes does by the image's tag
 * @param serviceAccount of steps that were granted the use of the cluster, and of no others; null =
 *     none is
 * @param resources of every container
 * @param volumeClaims names of claims that steps may mount by name
 * @param ttl how long a Job stays after its end
 * @param pendingLimit how long a pod may be kept from beginning by what may pass
 * @param deadlineSlack how long a Job may take to begin, over the step's timeout
 * @param comparison how often all Jobs and pods are listed, to find out whether a watch has missed
 *     something
 */
public record KubernetesSettings(
    String namespace,
    PodSecurity security,
    String image,
    String gitImage,
    String pullPolicy,
    List<String> pullSecrets,
    String serviceAccount,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    ResourceRequirements resources,
    Set<String> volumeClaims,
    Duration ttl,
    Duration deadlineSlack,
    Duration pendingLimit,
    Duration comparison) {
  private static final String PREFIX = "gantry.runner.kubernetes.";
  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

  /** {@code key}, {@code key=value}, each with {@code :effect} or without. */
  private static final Pattern TOLERATION =
      Pattern.compile(
          "([A-Za-z0-9][A-Za-z0-9_./-]*)(?:=([A-Za-z0-9_.-]*))?"
              + "(?::(NoSchedule|PreferNoSchedule|NoExecute))?");

  /**
   * @param namespace the configured one, or that of the cluster's credentials
   * @throws IllegalArgumentException when a setting is not right; the message names it
   */
  static KubernetesSettings of(RunnerConfig.Kubernetes config, String namespace) {
    return new KubernetesSettings(
        namespace,
        security(config.security()),
        config.image(),
        config.gitImage(),
        pullPolicy(config.imagePullPolicy()),
        config.imagePullSecrets().orElse(List.of()),
        config.serviceAccount().orElse(null),
        pairs("node-selector", config.nodeSelector().orElse(List.of())),
        config.tolerations().orElse(List.of()).stream()
            .map(KubernetesSettings::toleration)
            .toList(),
        new ResourceRequirementsBuilder()
            .withRequests(quantities("requests", config.requests().orElse(List.of())))
            .withLimits(quantities("limits", config.limits().orElse(List.of())))
            .build(),
        Set.copyOf(config.volumeClaims().orElse(List.of())),
        config.ttl(),
        config.deadlineSlack(),
        config.pendingLimit(),
        config.comparison());
  }

  private static PodSecurity security(String text) {
    return Stream.of(PodSecurity.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> wrong("security", "must be restricted or baseline, not " + text));
  }

  private static String pullPolicy(Optional<String> text) {
    if (text.isPresent() && !PULL_POLICIES.contains(text.get())) {
      throw wrong(
          "image-pull-policy",
          "must be one of " + String.join(", ", PULL_POLICIES) + ", not " + text.get());
    }
    return text.orElse(null);
  }

  private static Map<String, String> pairs(String setting, List<String> texts) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw wrong(setting, "must be a list of name=value, not " + text);
      }
      pairs.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }
    return pairs;
  }

  private static Map<String, Quantity> quantities(String setting, List<String> texts) {
    Map<String, Quantity> quantities = new LinkedHashMap<>();
    pairs(setting, texts)
        .forEach(
            (resource, amount) -> {
              if (!RESOURCES.contains(resource)) {
                throw wrong(
                    setting, "knows cpu, memory and ephemeral-storage, and not " + resource);
              }
              quantities.put(resource, quantity(setting, amount));
            });
    return quantities;
  }

  private static Quantity quantity(String setting, String amount) {
    try {
      Quantity quantity = Quantity.parse(amount);
      if (quantity.getNumericalAmount().signum() >= 0) {
        return quantity;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(setting, "holds what is no amount, as 500m, 2 or 1Gi are: " + amount);
    }
    throw wrong(setting, "holds a negative amount: " + amount);
  }

  private static Toleration toleration(String text) {
    Matcher parts = TOLERATION.matcher(text.strip());
    if (!parts.matches()) {
      throw wrong(
          "tolerations", "must be a list of key, key=value or key=value:effect, not " + text);
    }
    return new TolerationBuilder()
        .withKey(parts.group(1))
        .withOperator(parts.group(2) == null ? "Exists" : "Equal")
        .withValue(parts.group(2))
        .withEffect(parts.group(3))
        .build();
  }

  private static IllegalArgumentException wrong(String setting, String what) {
    return new IllegalArgumentException(PREFIX + setting + " " + what);
  }
}
