package dev.gantry.resources;

import dev.gantry.events.PublicEvent;
import dev.gantry.platform.Ids;
import dev.gantry.platform.TraceContext;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A stored thing of an organization that callers create, change and delete. Only {@link
 * ResourceStore} writes it, and tells of every change if the resource tells anything. Its table
 * also has a column {@code search} that holds, in lower case, what a list's filter looks into.
 */
@MappedSuperclass
public abstract class Resource extends PanacheEntityBase {
  @Id public UUID id;

  @Column(name = "organization_id")
  public UUID organizationId;

  public String name;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  @Version public int version;

  @Column(name = "event_sequence")
  public long eventSequence;

  /** What an event says of this resource; empty when its changes are nobody's news. */
  protected abstract Optional<Map<String, Object>> told();

  /** How the event of a change is named: {@code created}, {@code updated} or {@code deleted}. */
  protected String told(String change) {
    return change;
  }

  /** The kind as events name it, in snake_case; the class's own name says it. */
  static String kind(Class<? extends Resource> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /** What callers address it by. */
  public String publicId() {
    return id.toString();
  }

  /** Gives a new resource its id and times, for whoever needs them before the store does it. */
  public void begin(UUID organization) {
    id = Ids.next();
    organizationId = organization;
    createdAt = now();
    updatedAt = createdAt;
  }

  void touch() {
    updatedAt = now();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Counts the event: called once for each one that is sent. */
  Optional<PublicEvent> event(String change, TraceContext trace) {
    String kind = kind(getClass());
    return told()
        .map(
            told ->
                new PublicEvent(
                    kind + "." + told(change),
                    publicId(),
                    ++eventSequence,
                    now(),
                    organizationId,
                    trace,
                    Map.of(kind, told)));
  }
}
