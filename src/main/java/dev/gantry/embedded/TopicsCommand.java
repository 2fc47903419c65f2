package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;

/** {@code gantry topics}: tells which topics of a running Gantry are not as they should be. */
final class TopicsCommand {
  private static final int ALL_RIGHT = 0;
  private static final int FAULTY = 1;

  private final ApiClient api;
  private final PrintStream out;
  private final PrintStream err;

  TopicsCommand(ApiClient api, PrintStream out, PrintStream err) {
    this.api = api;
    this.out = out;
    this.err = err;
  }

  /** Blocks; fails when Gantry cannot be reached or refuses the key. */
  int run() throws IOException {
    ApiClient.Answer answer = api.get("/admin/topics");
    if (answer.status() != HttpURLConnection.HTTP_OK) {
      throw new IOException(
          "answered with %d: %s"
              .formatted(answer.status(), answer.body().at("/error/message").asText()));
    }
    for (JsonNode topic : answer.body().path("topics")) {
      tell(topic);
    }
    return answer.body().path("ok").asBoolean() ? ALL_RIGHT : FAULTY;
  }

  private void tell(JsonNode topic) {
    String name = topic.path("name").asText();
    if (topic.path("faults").isEmpty()) {
      out.printf("%s: %d partitions, ok%n", name, topic.path("partitions").asInt());
    }
    topic.path("faults").forEach(fault -> err.printf("%s: %s%n", name, fault.asText()));
  }
}
