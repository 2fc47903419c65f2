package dev.gantry.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Events as CloudEvents in JSON, one object each (structured content mode). Pure code. */
final class EventJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** In the order in which they are written; the content type of the data is always there. */
  private static final List<String> ATTRIBUTES =
      List.of(
          "specversion",
          "id",
          "source",
          "type",
          "subject",
          "time",
          "dataschema",
          "partitionkey",
          "sequence",
          "organization",
          "traceparent");

  private EventJson() {}

  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  static String of(ToldEvent event) {
    return json(out -> write(name -> attribute(event, name), event.data(), out));
  }

  /**
   * An event that has been told in another form.
   *
   * @param attributes by their names; null = the event has no such attribute
   * @param data JSON
   */
  static String of(UnaryOperator<String> attributes, String data) {
    return json(out -> write(attributes, data, out));
  }

  /**
   * A page.
   *
   * @param next where the next page begins, or null when there was no event at all
   */
  static String page(List<ToldEvent> events, boolean hasMore, String next) {
    return json(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("events");
          for (ToldEvent event : events) {
            write(name -> attribute(event, name), event.data(), out);
          }
          out.writeEndArray();
          out.writeBooleanField("has_more", hasMore);
          if (next != null) {
            out.writeStringField("next", next);
          }
          out.writeEndObject();
        });
  }

  private static String json(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static String attribute(ToldEvent event, String name) {
    return switch (name) {
      case "specversion" -> PublicEvent.SPEC_VERSION;
      case "id" -> event.id();
      case "source" -> PublicEvent.SOURCE;
      case "type" -> event.type();
      case "subject", "partitionkey" -> event.subject();
      case "time" -> event.time().toString();
      case "dataschema" -> EventTypes.schema(event.type());
      case "sequence" -> Long.toString(event.sequence());
      case "organization" -> event.organizationId().toString();
      case "traceparent" -> event.traceparent();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void write(UnaryOperator<String> attributes, String data, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (String name : ATTRIBUTES) {
      String value = attributes.apply(name);
      if (value != null) {
        out.writeStringField(name, value);
      }
    }
    out.writeStringField("datacontenttype", PublicEvent.CONTENT_TYPE);
    out.writeFieldName("data");
    out.writeRawValue(data);
    out.writeEndObject();
  }
}
