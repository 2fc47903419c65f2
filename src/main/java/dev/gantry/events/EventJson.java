package dev.gantry.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Events as CloudEvents in JSON, one object each (structured content mode). Pure code. */
final class EventJson {
  private static final JsonFactory JSON = new JsonFactory();

  private EventJson() {}

  static String of(ToldEvent event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(event, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * A page.
   *
   * @param next where the next page begins, or null when there was no event at all
   */
  static String page(List<ToldEvent> events, boolean hasMore, String next) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeArrayFieldStart("events");
      for (ToldEvent event : events) {
        write(event, out);
      }
      out.writeEndArray();
      out.writeBooleanField("has_more", hasMore);
      if (next != null) {
        out.writeStringField("next", next);
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(ToldEvent event, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("specversion", PublicEvent.SPEC_VERSION);
    out.writeStringField("id", event.id());
    out.writeStringField("source", PublicEvent.SOURCE);
    out.writeStringField("type", event.type());
    out.writeStringField("subject", event.subject());
    out.writeStringField("time", event.time().toString());
    out.writeStringField("datacontenttype", PublicEvent.CONTENT_TYPE);
    out.writeStringField("dataschema", EventTypes.schema(event.type()));
    out.writeStringField("partitionkey", event.subject());
    out.writeStringField("sequence", Long.toString(event.sequence()));
    out.writeStringField("organization", event.organizationId().toString());
    if (event.traceparent() != null) {
      out.writeStringField("traceparent", event.traceparent());
    }
    out.writeFieldName("data");
    out.writeRawValue(event.data());
    out.writeEndObject();
  }
}
