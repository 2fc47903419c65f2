package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/** One JSON object per line: {@code {"type": "started"|"step"|"log"|"ended", …}}. */
final class JsonScreen implements Screen {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final PrintStream out;

  JsonScreen(PrintStream out) {
    this.out = out;
  }

  @Override
  public void started(JsonNode execution) {
    print("started", execution);
  }

  @Override
  public void step(JsonNode step) {
    print("step", step);
  }

  @Override
  public void line(JsonNode line) {
    print("log", line);
  }

  @Override
  public void summary(JsonNode execution) {
    print("ended", execution);
  }

  private synchronized void print(String type, JsonNode content) {
    ObjectNode object = JSON.createObjectNode().put("type", type);
    object.setAll((ObjectNode) content);
    out.println(object);
    out.flush();
  }
}
