package dev.gantry.runner.disk;

import dev.gantry.runner.AttemptRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The directory that the steps of an execution share on this host. May block.
 *
 * @param path perhaps not there yet
 */
public record WorkDirectory(Path path) {
  /**
   * Puts the execution's files where they belong, and reads those with variables.
   *
   * @return the attempt with these variables, under those that it has
   * @throws IllegalArgumentException when a file leads out of here, or is no file of variables
   */
  AttemptRequest prepare(AttemptRequest request) throws IOException {
    for (Map.Entry<String, String> file : request.files().files().entrySet()) {
      write(inside(file.getKey()), request.filledWithGrants(file.getValue()));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (String file : request.files().dotenv()) {
      read(inside(request.filled(file)), variables);
    }
    return variables.isEmpty() ? request : request.under(variables);
  }

  /**
   * A file in here.
   *
   * @throws IllegalArgumentException when it leads out of here, or a link that a program has left
   *     does
   */
  public Path inside(String file) throws IOException {
    try {
      Path target = path.resolve(file).normalize();
      if (Path.of(file).isAbsolute()
          || !target.startsWith(path)
          || target.equals(path)
          || leadsOut(target)) {
        throw new IllegalArgumentException(
            "file " + file + " leads out of the execution's work directory");
      }
      return target;
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("file " + file + " is no path: " + e.getMessage(), e);
    }
  }

  private boolean leadsOut(Path target) throws IOException {
    Path there = target;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      if (there.equals(path)) {
        return false;
      }
      there = there.getParent();
    }
    return !Files.exists(there) || !there.toRealPath().startsWith(path.toRealPath());
  }

  /** Steps that run side by side see the whole file or none. */
  private static void write(Path target, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (Files.isRegularFile(target) && Arrays.equals(Files.readAllBytes(target), bytes)) {
      return;
    }
    Files.createDirectories(target.getParent());
    Path written = Files.createTempFile(target.getParent(), ".gantry-", "");
    Files.write(written, bytes);
    Files.move(
        written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void read(Path file, Map<String, String> variables) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "dotenv file " + file.getFileName() + " is not in the execution's work directory");
    }
    try {
      variables.putAll(EnvFile.read(Files.readString(file)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "dotenv file " + file.getFileName() + ": " + e.getMessage(), e);
    }
  }
}
