package dev.gantry.runner.kubernetes;

import dev.gantry.runner.Load;
import dev.gantry.runners.protocol.Heartbeat.Amount;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a namespace has for pods, by its quotas, and what the runner's own pods request of it. Pure
 * code.
 */
final class NamespaceLoad {
  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  private NamespaceLoad() {}

  /**
   * @param quotas those of the namespace; what none of them limits is told as 0
   * @param pods those of the runner, ended ones among them
   */
  static Load of(List<ResourceQuota> quotas, Collection<Pod> pods) {
    Amount capacity =
        new Amount(
            least(quotas, "cpu").multiply(MILLIS).longValue(), least(quotas, "memory").longValue());
    List<Pod> active = pods.stream().filter(pod -> !new PodStatus(pod).isOver()).toList();
    return new Load(
        capacity,
        new Amount(
            requested(active, "cpu").multiply(MILLIS).longValue(),
            requested(active, "memory").longValue()));
  }

  /** Of what all quotas allow to be requested, since each of them holds. */
  private static BigDecimal least(List<ResourceQuota> quotas, String resource) {
    return quotas.stream()
        .filter(quota -> quota.getStatus() != null && quota.getStatus().getHard() != null)
        .map(quota -> quota.getStatus().getHard())
        .flatMap(hard -> Stream.of(hard.get("requests." + resource), hard.get(resource)))
        .filter(quantity -> quantity != null)
        .map(Quantity::getNumericalAmount)
        .min(BigDecimal::compareTo)
        .orElse(BigDecimal.ZERO);
  }

  private static BigDecimal requested(List<Pod> pods, String resource) {
    return pods.stream()
        .flatMap(pod -> pod.getSpec().getContainers().stream())
        .map(container -> request(container, resource))
        .flatMap(Optional::stream)
        .map(Quantity::getNumericalAmount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Kubernetes takes a limit for a request where there is no other. */
  private static Optional<Quantity> request(Container container, String resource) {
    if (container.getResources() == null) {
      return Optional.empty();
    }
    return Stream.of(container.getResources().getRequests(), container.getResources().getLimits())
        .filter(amounts -> amounts != null)
        .map((Map<String, Quantity> amounts) -> amounts.get(resource))
        .filter(quantity -> quantity != null)
        .findFirst();
  }
}
