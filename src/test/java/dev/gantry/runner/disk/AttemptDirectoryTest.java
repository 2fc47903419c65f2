package dev.gantry.runner.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.runner.AttemptKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptDirectoryTest {
  private static final StepGrants GRANTS =
      new StepGrants(Map.of("TOKEN", "canary"), List.of("TOKEN"), false);

  @TempDir private Path root;
  private final AttemptKey key = new AttemptKey(UUID.randomUUID(), 3, 1);

  /** Whoever finds the directory asks nobody again what is granted: it is there with it. */
  @Test
  void aProcessThatIsKilledBeforeTheGrantsAreKeptLeavesNoDirectory() throws IOException {
    Files.createDirectories(root.resolve(key.executionId() + "/3-1.new"));
    AttemptDirectory directory = new AttemptDirectory(root, key);
    assertThat(directory.exists()).isFalse();

    directory.create(GRANTS);

    assertThat(directory.exists()).isTrue();
    assertThat(directory.grants()).isEqualTo(GRANTS);
  }

  @Test
  void whatIsGrantedIsForgottenWithWhatIsStartedFromIt() throws IOException {
    AttemptDirectory directory = new AttemptDirectory(root, key);
    directory.create(GRANTS);
    Files.writeString(directory.run(), "TOKEN=canary");

    directory.create(StepGrants.NONE);
    assertThat(directory.grants()).isEqualTo(GRANTS);
    directory.forgetGrants();

    assertThat(directory.path()).isEmptyDirectory();
    assertThat(directory.grants()).isEqualTo(StepGrants.NONE);
  }
}
