package dev.gantry.runner.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
  private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

  @TempDir Path folder;

  private Path execution(UUID id) throws IOException {
    return Files.createDirectories(folder.resolve("root").resolve("" + id));
  }

  private static void old(Path directory) throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(LONG_AGO));
  }

  private void sweep(UUID... active) {
    new Sweep(folder.resolve("root")).run(Set.of(active)::contains, LONG_AGO.plusSeconds(60));
  }

  @Test
  void removesWhatIsOverAndOldAndNothingElse() throws IOException {
    UUID active = UUID.randomUUID();
    Path over = execution(UUID.randomUUID());
    Path recent = execution(UUID.randomUUID());
    Path other = Files.createDirectories(folder.resolve("root/segments"));
    old(over);
    old(execution(active));
    old(other);

    sweep(active);

    assertThat(over).doesNotExist();
    assertThat(recent).exists();
    assertThat(execution(active)).exists();
    assertThat(other).exists();
  }

  @Test
  void removesLinksAndNotWhatTheyLeadTo() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside/deep"));
    Path file = Files.writeString(outside.resolve("file"), "stays");
    Path over = execution(UUID.randomUUID());
    Files.createSymbolicLink(over.resolve("folder"), outside.getParent());
    Files.createSymbolicLink(over.resolve("file"), file);
    Files.createSymbolicLink(over.resolve("loop"), over);
    old(over);

    sweep();

    assertThat(over).doesNotExist();
    assertThat(file).hasContent("stays");
  }

  @Test
  void anExecutionThatCannotBeReadKeepsNoOther() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root reads everything");
    Path shut = execution(new UUID(0, 1));
    Path closed = Files.createDirectory(shut.resolve("closed"));
    Path over = execution(new UUID(1, 1));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    old(shut);
    old(over);

    sweep();

    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertThat(over).doesNotExist();
  }
}
