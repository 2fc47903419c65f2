package dev.gantry.runner.local;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.runner.AttemptKey;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The files of one attempt, {@code <root>/<execution>/<step>-<attempt>/}: what is in them is all
 * that a later process knows. May block.
 */
final class AttemptDirectory {
  private final Path path;

  AttemptDirectory(Path root, AttemptKey key) {
    this.path =
        root.resolve(key.executionId().toString()).resolve(key.step() + "-" + key.attempt());
  }

  void create() {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean exists() {
    return path.toFile().isDirectory();
  }

  Path path() {
    return path;
  }

  Path script() {
    return path.resolve("script");
  }

  /** What the supervisor's fork does to become the program. */
  Path run() {
    return path.resolve("run");
  }

  /** The program's standard output. */
  File out() {
    return path.resolve("out").toFile();
  }

  /** The program's standard error. */
  File err() {
    return path.resolve("err").toFile();
  }

  Path journal() {
    return path.resolve("journal");
  }

  /** Keeps what the program is started with, readable to nobody else, until its end is reported. */
  void keepGrants(StepGrants grants) {
    ProcessLauncher.write(grantsFile(), ProtocolJson.text(grants));
  }

  StepGrants grants() {
    Optional<String> kept = text("grants");
    try {
      return kept.isPresent()
          ? ProtocolJson.read(kept.get().getBytes(StandardCharsets.UTF_8), StepGrants.class)
          : StepGrants.NONE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing more will be read of the output, and so nothing masked: forget the secrets. */
  void forgetGrants() {
    try {
      if (Files.deleteIfExists(grantsFile())) {
        Files.deleteIfExists(run());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path grantsFile() {
    return path.resolve("grants");
  }

  /** The report as it was or will be sent. */
  Path report() {
    return path.resolve("finished.json");
  }

  /** The exit code, once the program has ended. */
  OptionalInt exitCode() {
    Optional<String> code = line("exit");
    return code.isPresent() ? OptionalInt.of(Integer.parseInt(code.get())) : OptionalInt.empty();
  }

  /** Who runs the program, once it has begun. */
  Optional<SupervisorId> supervisor() {
    return line("pid").map(SupervisorId::parse);
  }

  boolean hasBegun() {
    return path.resolve("pid").toFile().exists();
  }

  /** When the program was started; only if it {@link #hasBegun}. */
  Instant startedAt() {
    return Instant.ofEpochMilli(path.resolve("pid").toFile().lastModified());
  }

  /** When the program ended: now, unless it left a trace of it. */
  Instant endedAt() {
    long modified = path.resolve("exit").toFile().lastModified();
    return modified == 0 ? Instant.now() : Instant.ofEpochMilli(modified);
  }

  /** Whole or not at all: a runner that is killed meanwhile must not find half of it. */
  void keepStop(Stop stop) {
    try {
      Path draft = Files.writeString(path.resolve("stop.new"), stop.format());
      Files.move(draft, path.resolve("stop"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why the program was told to end, if it was. */
  Optional<Stop> stop() {
    return text("stop").map(Stop::parse);
  }

  /** Only a whole line counts: the shell writes it at once, but creates the file before. */
  private Optional<String> line(String file) {
    return text(file).filter(text -> text.endsWith("\n")).map(String::strip);
  }

  private Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(path.resolve(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
