package dev.gantry.workflows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Writes a value as JSON that reads as the same value again. A scalar is a text there: what it must
 * be is up to who reads it.
 */
final class ValueJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Field root;
  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  private ValueJson(Field root) throws IOException {
    this.root = root;
    this.json = FACTORY.createGenerator(text);
  }

  /**
   * The JSON text of {@code root}.
   *
   * @throws InvalidDefinitionException when it is too large once aliases are written out
   */
  static String write(Field root) {
    try {
      ValueJson writer = new ValueJson(root);
      writer.value(root.value());
      writer.json.close();
      return writer.text.toString();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text in memory cannot be written", impossible);
    }
  }

  private void value(Value value) throws IOException {
    if (value instanceof Value.Scalar scalar) {
      json.writeString(scalar.text());
      refuseTooLong();
    } else if (value instanceof Value.Sequence sequence) {
      json.writeStartArray();
      for (Value item : sequence.items()) {
        value(item);
      }
      json.writeEndArray();
    } else if (value instanceof Value.Mapping mapping) {
      mapping(mapping);
    } else {
      json.writeNull();
    }
  }

  private void mapping(Value.Mapping mapping) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Value.Entry> entry : mapping.entries().entrySet()) {
      json.writeFieldName(entry.getKey());
      value(entry.getValue().value());
    }
    json.writeEndObject();
  }

  private void refuseTooLong() {
    if (text.getBuffer().length() > Tree.MOST_BYTES) {
      throw root.reading()
          .faults()
          .fatal(root.place(), root.value().mark(), "larger than 1 MiB with its aliases");
    }
  }
}
