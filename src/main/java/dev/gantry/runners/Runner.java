package dev.gantry.runners;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Map;
import java.util.Optional;

/** A runner as an organization has registered it. */
@Entity
@Table(name = "runners")
public class Runner extends Resource {
  public String type;
  public String description = "";

  @Convert(converter = Configuration.class)
  public ObjectNode configuration = JsonNodeFactory.instance.objectNode();

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }

  @Override
  public String publicId() {
    return name;
  }

  /** Keeps a JSON object. */
  @Converter
  public static final class Configuration extends JsonColumn<ObjectNode> {
    public Configuration() {
      super(new TypeReference<>() {});
    }
  }
}
