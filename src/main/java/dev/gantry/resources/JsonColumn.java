package dev.gantry.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Keeps a value as JSON in a column of type {@code text}; null stays null. */
public abstract class JsonColumn<T> implements AttributeConverter<T, String> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final TypeReference<T> type;

  protected JsonColumn(TypeReference<T> type) {
    this.type = type;
  }

  @Override
  public String convertToDatabaseColumn(T value) {
    try {
      return value == null ? null : JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public T convertToEntityAttribute(String json) {
    try {
      return json == null ? null : JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A list of texts. */
  @Converter
  public static final class Texts extends JsonColumn<List<String>> {
    public Texts() {
      super(new TypeReference<>() {});
    }
  }

  /** Texts by name, in the order in which they were given. */
  @Converter
  public static final class Variables extends JsonColumn<Map<String, String>> {
    public Variables() {
      super(new TypeReference<>() {});
    }
  }
}
