package dev.gantry.chat.turns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.chat.turns.Entry.Answered;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Returned;
import dev.gantry.http.ApiException;
import dev.gantry.models.ModelAnswer;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Answers that models have given once: a file with a turn's transcript, as the API shows it, takes
 * the place of a model. What the turn has done up to an answer must be what the recorded one had
 * done, call for call and result for result; else the turn fails, and says where the two part. So a
 * turn is done again, with all that it runs, and without a model. Never blocks: files are read on a
 * worker.
 */
@ApplicationScoped
class Recordings {
  private static final String PREFIX = "recording:";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final int LARGEST = 16 << 20;

  private final Optional<Path> directory;

  Recordings(ChatConfig config) {
    directory = config.recordings().map(Path::of);
  }

  /** Whether the name is a recording's, and recordings are played here. */
  boolean hasModel(String model) {
    return directory.isPresent() && model != null && model.startsWith(PREFIX);
  }

  /** Fails with 400 when there is no such recording. */
  Uni<Transcript> read(String model) {
    return Uni.createFrom()
        .item(() -> parsed(model))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private Transcript parsed(String model) {
    String name = model.substring(PREFIX.length());
    if (!NAME.matcher(name).matches()) {
      throw ApiException.invalid("llm_model", "'" + name + "' is no name of a recording");
    }
    Path file = directory.orElseThrow().resolve(name + ".json");
    try {
      if (Files.size(file) > LARGEST) {
        throw ApiException.invalid(
            "llm_model", "the recording " + name + " is larger than " + LARGEST + " bytes");
      }
      List<Stored> entries = new ArrayList<>();
      for (JsonNode entry : Stored.JSON.readTree(Files.readAllBytes(file)).path("entries")) {
        entries.add(
            new Stored(
                entry.path("seq").asInt(),
                Instant.parse(entry.path("at").asText()),
                Stored.JSON.treeToValue(entry, Entry.class)));
      }
      return new Transcript(entries);
    } catch (NoSuchFileException missing) {
      throw ApiException.invalid("llm_model", "there is no recording " + file);
    } catch (JsonProcessingException malformed) {
      throw ApiException.invalid(
          "llm_model", file + " is no transcript: " + malformed.getOriginalMessage());
    } catch (IOException unreadable) {
      throw ApiException.invalid("llm_model", file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** What was answered at this point of the turn. */
  Uni<ModelAnswer> answer(String model, Transcript soFar) {
    return read(model).map(recorded -> next(recorded, soFar));
  }

  private static ModelAnswer next(Transcript recorded, Transcript soFar) {
    List<String> then = deeds(recorded);
    List<String> now = deeds(soFar);
    for (int i = 0; i < now.size(); i++) {
      if (i >= then.size() || !then.get(i).equals(now.get(i))) {
        throw ApiException.invalid(
            "llm_model",
            "the turn parts from its recording: there %s, here %s"
                .formatted(i < then.size() ? then.get(i) : "is nothing more", now.get(i)));
      }
    }
    return recorded.entries().stream()
        .filter(stored -> stored.entry() instanceof Answered)
        .skip(soFar.answers())
        .findFirst()
        .map(stored -> ((Answered) stored.entry()).answer())
        .orElseThrow(
            () -> ApiException.invalid("llm_model", "the recording has no further answer"));
  }

  /** What was called and returned, without what is another each time. */
  private static List<String> deeds(Transcript transcript) {
    List<String> deeds = new ArrayList<>();
    for (Stored stored : transcript.entries()) {
      if (stored.entry() instanceof Called called) {
        deeds.add("%s is called with %s".formatted(called.tool(), called.args()));
      } else if (stored.entry() instanceof Returned returned) {
        deeds.add("%s returns '%s'".formatted(returned.tool(), withoutIds(returned.text())));
      }
    }
    return deeds;
  }

  private static String withoutIds(String text) {
    return text.replaceAll("tool-exec-[0-9a-f-]{36}", "tool-exec-…");
  }
}
