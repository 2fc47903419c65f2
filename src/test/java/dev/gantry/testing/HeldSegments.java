package dev.gantry.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the runner of this process holds of an execution, as its ledger has it. */
public final class HeldSegments {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HeldSegments() {}

  /**
   * Waits until the runner has heard of a pause: it then holds the first step alone.
   *
   * @param executionId of a workflow whose first step runs, in its first attempt
   */
  public static void awaitTheFirstStepAlone(String executionId) {
    Path root =
        Path.of(ConfigProvider.getConfig().getValue("gantry.runner.local.directory", String.class));
    String uuid = executionId.replaceFirst("^exec-", "");
    Path segment = root.resolve("segments").resolve(uuid + "-0-1.json");
    Awaitility.await().until(() -> steps(segment) == 1);
  }

  private static int steps(Path segment) throws IOException {
    return JSON.readTree(segment.toFile()).path("steps").size();
  }
}
