package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The runner's objects of one kind as a watch tells of them. A watch that has missed something says
 * nothing of that, so what is known can be compared with a list, and another watch take the place
 * of one that is behind. Any thread; what waits is for threads that may block.
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private static final long STEP_MILLIS = 20;

  private final Supplier<SharedIndexInformer<T>> informers;
  private final Consumer<T> there;
  private final Consumer<T> gone;
  private volatile SharedIndexInformer<T> current;

  /**
   * @param there told of one that is new or has changed; must not block, as {@code gone}
   */
  Watched(Supplier<SharedIndexInformer<T>> informers, Consumer<T> there, Consumer<T> gone) {
    this.informers = informers;
    this.there = there;
    this.gone = gone;
    this.current = informer();
  }

  private SharedIndexInformer<T> informer() {
    SharedIndexInformer<T> informer = informers.get();
    informer.exceptionHandler((started, failure) -> true);
    informer.addEventHandler(new Changes(informer));
    return informer;
  }

  /** Of one watch, for as long as it is the one that counts. */
  private final class Changes implements ResourceEventHandler<T> {
    private final SharedIndexInformer<T> of;

    Changes(SharedIndexInformer<T> of) {
      this.of = of;
    }

    @Override
    public void onAdd(T object) {
      tell(there, object);
    }

    @Override
    public void onUpdate(T before, T object) {
      tell(there, object);
    }

    @Override
    public void onDelete(T object, boolean unknownState) {
      tell(gone, object);
    }

    private void tell(Consumer<T> whom, T object) {
      if (of == current) {
        whom.accept(object);
      }
    }
  }

  /** Begins; goes on trying for as long as the API server is away. */
  void start() {
    current.start();
  }

  /** Whether all there was at the start is known. */
  boolean isSynced() {
    return current.hasSynced();
  }

  /**
   * As it was told last; null when there is none.
   *
   * @param key namespace and name with a slash between
   */
  T get(String key) {
    return current.getStore().getByKey(key);
  }

  /** All that are known. */
  List<T> all() {
    return current.getStore().list();
  }

  /**
   * Whether it has missed something: of what differs from a list nothing was told in {@code grace}
   * either. Blocks.
   *
   * @param list what there is now: versions by names
   */
  boolean isBehind(Supplier<Map<String, String>> list, Duration grace) throws InterruptedException {
    Map<String, String> before = versions();
    Map<String, String> listed = list.get();
    Set<String> different = new HashSet<>(before.keySet());
    different.addAll(listed.keySet());
    different.removeIf(name -> Objects.equals(before.get(name), listed.get(name)));
    if (different.isEmpty()) {
      return false;
    }
    TimeUnit.MILLISECONDS.sleep(grace.toMillis());
    Map<String, String> after = versions();
    return different.stream().anyMatch(name -> Objects.equals(before.get(name), after.get(name)));
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new HashMap<>();
    all()
        .forEach(
            object ->
                versions.put(
                    object.getMetadata().getName(), object.getMetadata().getResourceVersion()));
    return versions;
  }

  /**
   * Watches anew, and tells of everything once more. What is known is what the former watch told,
   * until the new one knows all; blocks for as long.
   */
  void renew() throws InterruptedException {
    SharedIndexInformer<T> former = current;
    SharedIndexInformer<T> next = informer();
    try {
      next.start();
      while (!next.hasSynced()) {
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
      }
    } catch (InterruptedException e) {
      next.close();
      throw e;
    }
    current = next;
    former.close();
    Map<String, String> known = versions();
    former.getStore().list().stream()
        .filter(object -> !known.containsKey(object.getMetadata().getName()))
        .forEach(gone);
    all().forEach(there);
  }

  @Override
  public void close() {
    current.close();
  }
}
