package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Executes one step that is a small Java program of the bench: no machine lacks it, and it may use
 * nothing but the JDK.
 */
final class StepProgram {
  private static final int ACCEPTED = 202;

  private StepProgram() {}

  /** Answers the id of the execution as soon as it is accepted. Blocks. */
  static String execute(Api api, Class<?> program, int... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java());
    command.add(program.getName());
    for (int argument : arguments) {
      command.add(Integer.toString(argument));
    }
    byte[] answer = api.send(api.post("/workflows/execute", Workflows.single(command)), ACCEPTED);
    JsonNode id = Api.JSON.readTree(answer).path("execution_id");
    require(id.isTextual(), "no execution_id", id);
    return id.asText();
  }

  private static List<String> java() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Stream.of(
            java, "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes())
        .toList();
  }

  private static String classes() {
    try {
      return Path.of(StepProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
