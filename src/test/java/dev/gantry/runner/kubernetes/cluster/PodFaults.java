package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** What keeps pods from running, until it is healed: then they go on by themselves. */
public final class PodFaults {
  private final List<Order> orders = new CopyOnWriteArrayList<>();

  enum Stage {
    SCHEDULE,
    PULL,
    CREATE
  }

  record Order(Stage stage, Predicate<Pod> pods, String reason, String message) {}

  PodFaults() {}

  public void unschedulable(Predicate<Pod> pods, String message) {
    orders.add(new Order(Stage.SCHEDULE, pods, "Unschedulable", message));
  }

  /** {@code ErrImagePull}, and {@code ImagePullBackOff} from then on. */
  public void imagePull(Predicate<Pod> pods, String message) {
    orders.add(new Order(Stage.PULL, pods, "ErrImagePull", message));
  }

  /** {@code reason} as {@code CreateContainerError} or {@code CreateContainerConfigError}. */
  public void createContainer(Predicate<Pod> pods, String reason, String message) {
    orders.add(new Order(Stage.CREATE, pods, reason, message));
  }

  public void heal() {
    orders.clear();
  }

  Optional<Order> find(Stage stage, Pod pod) {
    return orders.stream().filter(o -> o.stage == stage && o.pods.test(pod)).findFirst();
  }
}
