package dev.gantry.runner.local;

import dev.gantry.runner.disk.AttemptDirectory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What a supervisor writes down of the program that it runs. May block. */
record ProcessFiles(AttemptDirectory directory) {
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
    return file("pid").toFile().exists();
  }

  /** When the program was started; only if it {@link #hasBegun}. */
  Instant startedAt() {
    return Instant.ofEpochMilli(file("pid").toFile().lastModified());
  }

  /** When the program ended: now, unless it left a trace of it. */
  Instant endedAt() {
    long modified = file("exit").toFile().lastModified();
    return modified == 0 ? Instant.now() : Instant.ofEpochMilli(modified);
  }

  private Path file(String name) {
    return directory.path().resolve(name);
  }

  /** Only a whole line counts: the shell writes it at once, but creates the file before. */
  private Optional<String> line(String file) {
    return directory.text(file).filter(text -> text.endsWith("\n")).map(String::strip);
  }
}
