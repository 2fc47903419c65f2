package dev.gantry.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.chat.turns.Entry;
import dev.gantry.chat.turns.Stored;
import dev.gantry.chat.turns.Transcript;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * All that a turn goes by: each prompt, answer, call and result, as it is kept.
 *
 * @param entries each with {@code seq}, {@code at} and {@code type}
 */
@Schema(name = "ChatTranscript")
record TranscriptView(String executionId, List<ObjectNode> entries) {
  static TranscriptView of(String executionId, Transcript transcript) {
    return new TranscriptView(
        executionId, transcript.entries().stream().map(TranscriptView::entry).toList());
  }

  private static ObjectNode entry(Stored stored) {
    ObjectNode entry = Stored.JSON.createObjectNode();
    entry.put("seq", stored.seq()).put("at", stored.at().toString());
    try {
      entry.setAll(
          (ObjectNode)
              Stored.JSON.readTree(
                  Stored.JSON.writerFor(Entry.class).writeValueAsString(stored.entry())));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return entry;
  }
}
