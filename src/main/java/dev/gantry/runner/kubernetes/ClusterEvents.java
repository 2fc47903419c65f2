package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * What Kubernetes tells in its Events of pods and Jobs, from now on: one watch, of which nothing is
 * kept but that it was told. Any thread.
 */
final class ClusterEvents implements AutoCloseable {
  private final SharedIndexInformer<Event> events;
  private final BiConsumer<String, Told> listener;

  /** In seconds, as most of the times of Events are. */
  private final Instant since = Instant.ofEpochSecond(Instant.now().getEpochSecond());

  /**
   * @param listener told the name of a Job and what is said of it or its pod; must not block
   */
  ClusterEvents(KubernetesClient client, String namespace, BiConsumer<String, Told> listener) {
    this.listener = listener;
    this.events = client.v1().events().inNamespace(namespace).runnableInformer(0);
    events.itemStore(new Seen());
    events.exceptionHandler((started, failure) -> true);
    events.addEventHandler(new Handler());
  }

  /** Begins to watch; goes on trying for as long as the API server is away. */
  void start() {
    events.start();
  }

  private final class Handler implements ResourceEventHandler<Event> {
    @Override
    public void onAdd(Event event) {
      tell(event);
    }

    @Override
    public void onUpdate(Event before, Event event) {
      tell(event);
    }

    @Override
    public void onDelete(Event event, boolean unknownState) {
      // It has become too old for Kubernetes; it was told long ago.
    }
  }

  private void tell(Event event) {
    Optional<Instant> at = at(event);
    if (at.filter(time -> !time.isBefore(since)).isPresent()) {
      String text = PodStatus.sentence(event.getReason(), event.getMessage());
      Told told = new Told(String.valueOf(event.getReason()), text, at.get());
      job(event.getInvolvedObject()).ifPresent(name -> listener.accept(name, told));
    }
  }

  private static Optional<Instant> at(Event event) {
    return Stream.of(
            event.getLastTimestamp(),
            event.getEventTime() == null ? null : event.getEventTime().getTime(),
            event.getFirstTimestamp(),
            event.getMetadata().getCreationTimestamp())
        .filter(time -> time != null && !time.isEmpty())
        .findFirst()
        .map(PodStatus::time);
  }

  /** A pod is named from its Job, with a dash and a few characters behind. */
  private static Optional<String> job(ObjectReference of) {
    if (of == null || of.getName() == null || !of.getName().startsWith("gantry-")) {
      return Optional.empty();
    }
    return switch (String.valueOf(of.getKind())) {
      case "Job" -> Optional.of(of.getName());
      case "Pod" -> Optional.of(of.getName().substring(0, of.getName().lastIndexOf('-')));
      default -> Optional.empty();
    };
  }

  /** Which Events were told, without what they say: those of a whole namespace may be many. */
  private static final class Seen implements ItemStore<Event> {
    private final Map<String, Event> events = new ConcurrentHashMap<>();

    @Override
    public String getKey(Event event) {
      return event.getMetadata().getNamespace() + "/" + event.getMetadata().getName();
    }

    @Override
    public Event put(String key, Event event) {
      return events.put(key, bare(event));
    }

    private static Event bare(Event event) {
      return new EventBuilder()
          .withNewMetadata()
          .withNamespace(event.getMetadata().getNamespace())
          .withName(event.getMetadata().getName())
          .withUid(event.getMetadata().getUid())
          .withResourceVersion(event.getMetadata().getResourceVersion())
          .endMetadata()
          .build();
    }

    @Override
    public Event remove(String key) {
      return events.remove(key);
    }

    @Override
    public Stream<String> keySet() {
      return events.keySet().stream();
    }

    @Override
    public Stream<Event> values() {
      return events.values().stream();
    }

    @Override
    public int size() {
      return events.size();
    }

    @Override
    public Event get(String key) {
      return events.get(key);
    }

    @Override
    public boolean isFullState() {
      return false;
    }
  }

  @Override
  public void close() {
    events.close();
  }
}
