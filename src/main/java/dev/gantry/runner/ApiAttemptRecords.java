package dev.gantry.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.executions.protocol.ProtocolJson;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Asks over HTTP, as the runner whose token it has. */
final class ApiAttemptRecords implements AttemptRecords {
  private static final Logger LOG = Logger.getLogger(ApiAttemptRecords.class);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** As many as the API takes at once. */
  private static final int AT_ONCE = 1000;

  private final RunnerApi api;

  ApiAttemptRecords(RunnerApi api) {
    this.api = api;
  }

  @Override
  public Set<AttemptKey> held(Collection<AttemptKey> attempts) throws InterruptedException {
    List<AttemptKey> all = List.copyOf(attempts);
    Set<AttemptKey> held = new HashSet<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Map<String, Object>> some = new ArrayList<>();
      for (AttemptKey key : all.subList(from, Math.min(all.size(), from + AT_ONCE))) {
        some.add(
            Map.of("execution", key.executionId(), "step", key.step(), "attempt", key.attempt()));
      }
      HttpRequest.Builder request =
          api.request("/attempts/held")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(ProtocolJson.write(Map.of("attempts", some))));
      for (JsonNode each : ask(request).path("attempts")) {
        held.add(
            new AttemptKey(
                UUID.fromString(each.path("execution").asText()),
                each.path("step").asInt(),
                each.path("attempt").asInt()));
      }
    }
    return held;
  }

  @Override
  public LogPosition log(AttemptKey attempt) throws InterruptedException {
    JsonNode answer = ask(api.request(attempt, "/log"));
    return answer.isMissingNode()
        ? LogPosition.START
        : new LogPosition(
            answer.path("stored_up_to").asLong(),
            answer.path("lines").asLong(),
            answer.path("digest").asLong(),
            answer.path("printed").asLong(),
            millis(answer.path("first_at")),
            millis(answer.path("last_at")));
  }

  private static Long millis(JsonNode at) {
    return at.isNumber() ? (Long) at.asLong() : null;
  }

  /** A missing node for what the API does not know. */
  private JsonNode ask(HttpRequest.Builder request) throws InterruptedException {
    HttpRequest whole = request.header("Accept", "application/json").timeout(ANSWER).build();
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      try {
        HttpResponse<byte[]> answer = api.client().send(whole, BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          return ProtocolJson.read(answer.body(), JsonNode.class);
        }
        if (answer.statusCode() == 404) {
          return MissingNode.getInstance();
        }
        LOG.warnf(
            "the API does not tell what is waited for, and is asked again: HTTP %d: %s",
            answer.statusCode(), RunnerApi.message(answer.statusCode(), answer.body()));
      } catch (IOException e) {
        LOG.warnf("the API does not tell what is waited for, and is asked again: %s", e);
      }
      Thread.sleep(pause);
    }
  }
}
