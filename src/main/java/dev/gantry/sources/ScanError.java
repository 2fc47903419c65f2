package dev.gantry.sources;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.gantry.resources.JsonColumn;
import jakarta.persistence.Converter;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a scan could not read.
 *
 * @param file its path in the repository, or the place in an inline source; null when the whole
 *     source could not be read
 * @param type {@code tool}, {@code workflow}, {@code file} or {@code source}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"type", "error"})
public record ScanError(
    String file,
    @Schema(enumeration = {"tool", "workflow", "file", "source"}) String type,
    String error) {
  static final String SOURCE = "source";

  /** Keeps a list of them as JSON. */
  @Converter
  static final class InColumn extends JsonColumn<List<ScanError>> {
    InColumn() {
      super(new TypeReference<>() {});
    }
  }
}
