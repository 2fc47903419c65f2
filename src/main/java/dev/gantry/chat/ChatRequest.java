package dev.gantry.chat;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is said to an agent.
 *
 * @param context documents that go with the message
 * @param stream the answer is a stream of what happens
 * @param sessionId of the conversation to go on with; null = a new one
 */
@Schema(
    name = "ChatRequest",
    requiredProperties = {"agent_uuid", "message"})
record ChatRequest(
    @Schema(format = "uuid") String agentUuid,
    @Schema(description = "Up to 64 KiB") String message,
    @Schema(maxItems = 10) List<Context> context,
    Boolean stream,
    @Schema(format = "uuid", description = "As an answer has told it; without, a new one")
        String sessionId) {
  private static final int MAX_MESSAGE_BYTES = 64 << 10;
  private static final int MAX_DOCUMENTS = 10;
  private static final int MAX_URL = 2048;

  /**
   * A document.
   *
   * @param type {@code file}, which has {@code content} and perhaps {@code filename}, or {@code
   *     url}, which is read when the message comes
   */
  @Schema(name = "ChatContext", requiredProperties = "type")
  record Context(
      @Schema(enumeration = {"file", "url"}) String type,
      String content,
      @Schema(maxLength = 255) String filename,
      @Schema(maxLength = 2048) String url) {

    boolean isFile() {
      return "file".equals(type);
    }

    private void check(Fields fields, String place) {
      fields.required(place + ".type", type);
      fields.oneOf(place + ".type", type, List.of("file", "url"));
      fields.line(place + ".filename", filename, 255).line(place + ".url", url, MAX_URL);
      if (isFile()) {
        fields.required(place + ".content", content);
        fields.text(place + ".content", content, Integer.MAX_VALUE);
        unwanted(fields, place + ".url", url, "goes with type 'url'");
      } else if ("url".equals(type)) {
        fields.required(place + ".url", url);
        unwanted(fields, place + ".content", content, "goes with type 'file'");
        if (url != null && !isWeb(url)) {
          fields.fault(place + ".url", "must be an address like https://example.com/config.yaml");
        }
      }
    }

    private static void unwanted(Fields fields, String place, String value, String why) {
      if (value != null) {
        fields.fault(place, why);
      }
    }

    private static boolean isWeb(String url) {
      try {
        URI uri = new URI(url);
        return uri.getHost() != null
            && uri.getUserInfo() == null
            && List.of("http", "https").contains(uri.getScheme());
      } catch (URISyntaxException malformed) {
        return false;
      }
    }
  }

  boolean streams() {
    return Boolean.TRUE.equals(stream);
  }

  List<Context> documents() {
    return context == null ? List.of() : context;
  }

  /** Null = a new one. */
  UUID session() {
    return sessionId == null
        ? null
        : Ids.parse("", sessionId).orElseThrow(() -> noSession(sessionId));
  }

  static ApiException noSession(String id) {
    return ApiException.invalid(
        "session_id", "the agent has no session '" + id + "'; leave it out to begin one");
  }

  /** Fails with 400 for all that is wrong with it by itself. */
  static void check(ChatRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    Fields fields = new Fields();
    fields.required("agent_uuid", body.agentUuid).line("agent_uuid", body.agentUuid, 255);
    fields.required("message", body.message).text("message", body.message, MAX_MESSAGE_BYTES);
    if (body.message != null && body.message.isBlank()) {
      fields.fault("message", "must not be blank");
    }
    fields.line("session_id", body.sessionId, 255);
    if (body.documents().size() > MAX_DOCUMENTS) {
      fields.fault("context", "must have at most " + MAX_DOCUMENTS + " entries");
    } else {
      for (int i = 0; i < body.documents().size(); i++) {
        String place = "context[" + i + "]";
        fields.required(place, body.documents().get(i));
        if (body.documents().get(i) != null) {
          body.documents().get(i).check(fields, place);
        }
      }
    }
    fields.check();
  }
}
