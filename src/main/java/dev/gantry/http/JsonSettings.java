package dev.gantry.http;

import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.Boolean;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.EmptyString;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.Float;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.Integer;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.String;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * The API's JSON: snake_case, unknown fields refused, nothing converted that is of another type,
 * times as ISO 8601 in UTC.
 */
@Singleton
class JsonSettings implements ObjectMapperCustomizer {
  @Override
  public void customize(ObjectMapper mapper) {
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    mapper.disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    refuse(mapper, LogicalType.Textual, Set.of(Integer, Float, Boolean));
    refuse(mapper, LogicalType.Integer, Set.of(Float, Boolean, String, EmptyString));
    refuse(mapper, LogicalType.Boolean, Set.of(Integer, Float, String, EmptyString));
  }

  private static void refuse(ObjectMapper mapper, LogicalType to, Set<CoercionInputShape> from) {
    from.forEach(shape -> mapper.coercionConfigFor(to).setCoercion(shape, CoercionAction.Fail));
  }
}
