package dev.gantry.agents;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.gantry.resources.Fields;
import dev.gantry.resources.JsonColumn;
import jakarta.persistence.Converter;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Where an agent answers to, and what it is asked.
 *
 * @param method {@code slack}, {@code teams} or {@code http}
 * @param destination a channel, or for {@code http} an address
 * @param prompt may be absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AgentWebhook(
    @Schema(enumeration = {"slack", "teams", "http"}) String method,
    @Schema(maxLength = 2048, description = "A channel, or for http an address") String destination,
    String prompt) {
  private static final List<String> METHODS = List.of("slack", "teams", "http");
  private static final int MAX_DESTINATION = 2048;
  private static final int MAX_PROMPT_BYTES = 64 << 10;
  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/]\\S*");

  /** {@code {}} takes the webhook away. */
  @JsonIgnore
  boolean isNothing() {
    return method == null && destination == null && prompt == null;
  }

  void check(Fields fields) {
    if (isNothing()) {
      return;
    }
    fields.required("webhook.method", method).oneOf("webhook.method", method, METHODS);
    fields
        .required("webhook.destination", destination)
        .line("webhook.destination", destination, MAX_DESTINATION)
        .text("webhook.prompt", prompt, MAX_PROMPT_BYTES);
    if ("http".equals(method) && destination != null && !ADDRESS.matcher(destination).matches()) {
      fields.fault("webhook.destination", "must be an address like https://example.com/hook");
    }
  }

  /** Keeps the webhook as JSON. */
  @Converter
  public static final class InColumn extends JsonColumn<AgentWebhook> {
    public InColumn() {
      super(new TypeReference<>() {});
    }
  }
}
