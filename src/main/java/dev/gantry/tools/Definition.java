package dev.gantry.tools;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.MappedSuperclass;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A tool or workflow as lists read it; scans alone write it. Its text is not read with it. */
@MappedSuperclass
public abstract class Definition extends Resource {
  @Column(name = "source_id")
  public UUID sourceId;

  public String description;

  /** What a list shows besides. */
  @Convert(converter = Details.class)
  public ObjectNode details;

  public String file;

  /** A source tells when its definitions change. */
  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }

  /** Keeps a JSON object. */
  @Converter
  static final class Details extends JsonColumn<ObjectNode> {
    Details() {
      super(new TypeReference<>() {});
    }
  }
}
