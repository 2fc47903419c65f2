package dev.gantry.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.events.EventsConfig.Mode;
import dev.gantry.messaging.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The AsyncAPI document: what a file says of all channels, with this installation's names of
 * topics, and a message for each type of event from its schema. Pure code.
 */
final class AsyncApi {
  private static final String FILE = "/schemas/asyncapi.json";
  private static final String PREFIX = "<prefix>";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventSchemas schemas = new EventSchemas();
  private final ObjectNode document;
  private final Mode mode;

  private AsyncApi(ObjectNode document, Mode mode) {
    this.document = document;
    this.mode = mode;
  }

  static String document(Topics topics, Mode mode) {
    try (InputStream in = AsyncApi.class.getResourceAsStream(FILE)) {
      ObjectNode document = (ObjectNode) JSON.readTree(in);
      document
          .path("channels")
          .forEach(
              channel -> {
                String address = channel.path("address").asText();
                ((ObjectNode) channel).put("address", address.replace(PREFIX, topics.prefix()));
              });
      return new AsyncApi(document, mode).withEvents().toPrettyString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode withEvents() {
    ObjectNode definitions = document.withObject("/components/schemas");
    schemas
        .definitions()
        .properties()
        .forEach(each -> definitions.set(each.getKey(), inDocument(each.getValue())));
    for (String type : EventTypes.ALL) {
      document.withObject("/components/messages").set(type, message(type));
      document
          .withObject("/channels/events/messages")
          .putObject(type)
          .put("$ref", "#/components/messages/" + type);
    }
    return document;
  }

  private ObjectNode message(String type) {
    ObjectNode message = JSON.createObjectNode();
    message.put("name", type);
    message.put("title", type);
    message.put("summary", schemas.description(type));
    ObjectNode data = (ObjectNode) inDocument(schemas.data(type));
    ObjectNode example = message.putArray("examples").addObject();
    if (mode == Mode.BINARY) {
      message.put("contentType", PublicEvent.CONTENT_TYPE);
      message.putObject("headers").put("$ref", "#/components/schemas/cloud_event_headers");
      message.set("payload", data);
      example.set("payload", schemas.example(type));
    } else {
      message.put("contentType", ContentMode.STRUCTURED);
      ObjectNode payload = message.putObject("payload");
      payload.putArray("allOf").addObject().put("$ref", "#/components/schemas/cloud_event");
      payload.withObject("/properties").set("data", data);
    }
    return message;
  }

  /** With references to where the definitions are in this document. */
  private static JsonNode inDocument(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    for (JsonNode parent : copy.findParents("$ref")) {
      String name = parent.path("$ref").asText().replace("#/$defs/", "#/components/schemas/");
      ((ObjectNode) parent).set("$ref", TextNode.valueOf(name));
    }
    return copy;
  }
}
