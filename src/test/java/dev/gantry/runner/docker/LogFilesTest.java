package dev.gantry.runner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.disk.AttemptDirectory;
import dev.gantry.runner.disk.RunnerDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
  @TempDir private Path root;
  private RunnerDisk disk;
  private AttemptDirectory directory;

  @BeforeEach
  void make() {
    disk = new RunnerDisk(root, report -> {}, new LogShipper(null, 0), null, Runnable::run);
    directory = disk.directory(new AttemptKey(UUID.randomUUID(), 0, 1));
    directory.create(StepGrants.NONE);
  }

  @AfterEach
  void close() {
    disk.close();
  }

  private static Frame frame(StreamType stream, String text) {
    return new Frame(stream, text.getBytes(StandardCharsets.UTF_8));
  }

  private void read(String... parts) throws IOException {
    try (LogFiles files = new LogFiles(directory)) {
      for (String part : parts) {
        StreamType stream = part.startsWith("!") ? StreamType.STDERR : StreamType.STDOUT;
        files.take(frame(stream, part));
      }
    }
  }

  @Test
  void whatIsReadAgainIsAddedOnlyAsFarAsItIsNew() throws IOException {
    read("one", "!err", "two");
    read("onetwo", "!e");
    read("on", "!err!err", "etwothree");
    assertThat(directory.out()).hasContent("onetwothree");
    assertThat(directory.err()).hasContent("!err!err");
  }

  @Test
  void whatComesTooLateIsTheNextOnes() throws IOException {
    LogFiles late = new LogFiles(directory);
    late.close();
    assertThatThrownBy(() -> late.take(frame(StreamType.STDOUT, "x")))
        .isInstanceOf(IOException.class);
    assertThat(directory.out()).isEmpty();
  }
}
