package dev.gantry.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The file {@code GANTRY_MODELS_FILE} as it is written, in YAML or JSON.
 *
 * @param defaults the names of the models that organizations get which name none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ModelsFile(List<Entry> models, Map<UUID, String> defaults) {
  static final String SETTING = "GANTRY_MODELS_FILE";

  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  ModelsFile {
    models = models == null ? List.of() : models;
    defaults = defaults == null ? Map.of() : defaults;
  }

  /** One model; durations as {@code 30s}. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Entry(
      String name,
      Provider provider,
      String model,
      String baseUrl,
      String baseUrlSecret,
      String apiKeyEnv,
      Path apiKeyFile,
      String apiKeySecret,
      String firstByteTimeout,
      String idleTimeout,
      String timeout,
      Integer retries,
      String fallback,
      Integer maxOutputTokens,
      Price price,
      List<UUID> organizations) {}

  /** For a million tokens. */
  record Price(BigDecimal input, BigDecimal output) {}

  /**
   * Reads what is written; blocks.
   *
   * @throws IllegalArgumentException that says file, place and what to do
   */
  static ModelsFile read(Path file) {
    try {
      return YAML.readValue(Files.readString(file), ModelsFile.class);
    } catch (JsonProcessingException e) {
      throw faulty(file, List.of(fault(e)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s cannot be read: %s".formatted(SETTING, file, e), e);
    }
  }

  static IllegalArgumentException faulty(Path file, List<String> faults) {
    return new IllegalArgumentException(
        "%s: %s cannot be used: %s".formatted(SETTING, file, String.join("; ", faults)));
  }

  private static String fault(JsonProcessingException e) {
    String where =
        e.getLocation() == null ? "" : "line %d: ".formatted(e.getLocation().getLineNr());
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "%s%s is not known; known are %s"
          .formatted(
              where,
              place(unknown),
              unknown.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    String what = e.getOriginalMessage();
    return e instanceof JsonMappingException mapping
        ? "%s%s: %s".formatted(where, place(mapping), what)
        : where + what;
  }

  /** As {@code models[2].retries}. */
  private static String place(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return place.toString();
  }
}
