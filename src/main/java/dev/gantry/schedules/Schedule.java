package dev.gantry.schedules;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.gantry.executions.ExecuteWorkflow;
import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import dev.gantry.workflows.Timetable;
import dev.gantry.workflows.Timetable.CatchUp;
import dev.gantry.workflows.Timetable.Overlap;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A schedule as it is stored. A description that was not given is empty. How far it has come is
 * written by {@link SlotStore} alone.
 */
@Entity
@Table(name = "schedules")
public class Schedule extends Resource {
  public String description = "";

  /** The source whose workflow says when; null when a caller does. */
  @Column(name = "source_id", updatable = false)
  public UUID sourceId;

  @Convert(converter = JsonColumn.Texts.class)
  public List<String> crons = List.of();

  public String timezone = Timetable.UTC;
  public String overlap = Overlap.SKIP.text();
  public String catchup = CatchUp.NONE.text();
  public boolean paused;

  @Convert(converter = RequestInColumn.class)
  public ExecuteWorkflow request;

  /** Null until it was worked out. */
  @Column(name = "next_at", insertable = false, updatable = false)
  public Instant nextAt;

  /** When it runs. */
  Timetable when() {
    return when(crons, timezone, overlap, catchup);
  }

  static Timetable when(List<String> crons, String timezone, String overlap, String catchup) {
    return new Timetable(
        crons,
        timezone,
        Overlap.valueOf(overlap.toUpperCase(Locale.ROOT)),
        CatchUp.valueOf(catchup.toUpperCase(Locale.ROOT)));
  }

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }

  /** Keeps what is executed as JSON. */
  @Converter
  public static final class RequestInColumn extends JsonColumn<ExecuteWorkflow> {
    public RequestInColumn() {
      super(new TypeReference<>() {});
    }
  }
}
