package dev.gantry.sources;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import dev.gantry.resources.JsonColumn;
import jakarta.persistence.Converter;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Where a source's definitions come from, and with whose credentials. Pure code.
 *
 * @param type {@code github}, {@code git} or {@code inline}
 * @param branch empty = the repository's default
 * @param path as the caller wrote it; empty = the whole repository
 * @param credentials null = none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Origin(String type, String url, String branch, String path, Credentials credentials) {
  static final String INLINE = "inline";
  static final String GITHUB = "github";
  static final String GIT = "git";
  static final List<String> TYPES = List.of(GITHUB, GIT, INLINE);

  /** Names a secret with a token, or an integration; never a value. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "SourceCredentialNames", description = "One of the two")
  record Credentials(String secret, String integration) {
    @JsonIgnore
    boolean isNothing() {
      return secret == null && integration == null;
    }
  }

  @JsonIgnore
  boolean isInline() {
    return INLINE.equals(type);
  }

  /** Adds what is wrong with it as a whole; single fields have been looked at. */
  void check(Fields fields, SourceConfig config) {
    if (isInline()) {
      absent(fields, "url", url);
      absent(fields, "branch", branch);
      absent(fields, "path", path);
      absent(fields, "credentials", credentials);
      return;
    }
    if (url == null || url.isEmpty()) {
      fields.fault("url", "is required: owner/repo, or the repository's URL");
      return;
    }
    try {
      address(config);
    } catch (ApiException refused) {
      fields.fault(
          String.valueOf(refused.details().get("field")),
          String.valueOf(refused.details().get("error")));
    }
  }

  private static void absent(Fields fields, String field, Object value) {
    if (value != null && !value.equals("")) {
      fields.fault(field, "does not go with type 'inline'");
    }
  }

  /** The repository, with the branch and path of this origin over those in its URL. */
  SourceAddress address(SourceConfig config) {
    return SourceAddress.of(url, branch, path, config);
  }

  /** Keeps an origin as JSON. */
  @Converter
  static final class InColumn extends JsonColumn<Origin> {
    InColumn() {
      super(new TypeReference<>() {});
    }
  }
}
