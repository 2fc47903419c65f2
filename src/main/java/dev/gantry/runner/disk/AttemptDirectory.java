package dev.gantry.runner.disk;

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
import java.util.Optional;

/**
 * The files of one attempt, {@code <root>/<execution>/<step>-<attempt>/}: what is in them is all
 * that a later process knows. May block.
 */
public final class AttemptDirectory {
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

  /**
   * Makes it, with what the program is started with, readable to nobody else, until its end is
   * reported. Both or nothing: who finds the directory asks nobody again what is granted.
   */
  public void create(StepGrants grants) {
    if (grants.equals(StepGrants.NONE) || exists()) {
      create();
      return;
    }
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.createDirectories(draft);
      PrivateFile.write(draft.resolve("grants"), ProtocolJson.text(grants));
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean exists() {
    return path.toFile().isDirectory();
  }

  public Path path() {
    return path;
  }

  /** The step's script. */
  public Path script() {
    return path.resolve("script");
  }

  /** What the program is started from; may tell what is granted, and goes with that. */
  public Path run() {
    return path.resolve("run");
  }

  /** The program's standard output. */
  public File out() {
    return path.resolve("out").toFile();
  }

  /** The program's standard error. */
  public File err() {
    return path.resolve("err").toFile();
  }

  Path journal() {
    return path.resolve("journal");
  }

  /** What the program was started with, as far as it is still needed. */
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
      if (Files.deleteIfExists(path.resolve("grants"))) {
        Files.deleteIfExists(run());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The report as it was or will be sent. */
  Path report() {
    return path.resolve("finished.json");
  }

  void keepStop(Stop stop) {
    keep("stop", stop.format());
  }

  /** Why the program was told to end, if it was. */
  Optional<Stop> stop() {
    return text("stop").map(Stop::parse);
  }

  /** It had ended before it was told to. */
  void forgetStop() {
    try {
      Files.deleteIfExists(path.resolve("stop"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole or not at all: a runner that is killed meanwhile must not find half of it. */
  public void keep(String file, String text) {
    try {
      Path draft = Files.writeString(path.resolve(file + ".new"), text);
      Files.move(draft, path.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What one of its files holds; empty when it is not there. */
  public Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(path.resolve(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
