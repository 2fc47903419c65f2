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

  private EventJson() {}

  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  static String of(ToldEvent event) {
    return json(out -> write(event::attribute, event.data(), out));
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
            write(event::attribute, event.data(), out);
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

  private static void write(UnaryOperator<String> attributes, String data, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (String name : ToldEvent.ATTRIBUTES) {
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
