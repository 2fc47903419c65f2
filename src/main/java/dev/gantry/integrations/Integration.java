package dev.gantry.integrations;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.resources.JsonColumn;
import dev.gantry.resources.Resource;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An integration as it is stored. */
@Entity
@Table(name = "integrations")
public class Integration extends Resource {
  static final String ACTIVE = "active";
  static final List<String> STATUSES = List.of(ACTIVE, "inactive");

  public String type;
  public String status = ACTIVE;

  @Convert(converter = Configuration.class)
  public ObjectNode configuration = JsonNodeFactory.instance.objectNode();

  /** Names of secrets, by the variable that is to hold the value. */
  @Convert(converter = JsonColumn.Variables.class)
  public Map<String, String> secrets = Map.of();

  @Override
  protected Optional<Map<String, Object>> told() {
    return Optional.empty();
  }

  /** Keeps any JSON object. */
  @Converter
  public static final class Configuration extends JsonColumn<ObjectNode> {
    public Configuration() {
      super(new TypeReference<>() {});
    }
  }
}
