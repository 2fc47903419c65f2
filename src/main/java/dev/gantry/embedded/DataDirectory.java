package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of an embedded installation: its lock, its admin key, the addresses for scripts, and
 * the servers' data below it. Blocks.
 */
final class DataDirectory implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final FileChannel channel;
  private FileLock lock;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Opens and locks the folder; empty when another process has it. A dead one's lock is free. */
  static Optional<DataDirectory> lock(Path path) throws IOException {
    Files.createDirectories(path.resolve("log"));
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    DataDirectory directory = new DataDirectory(path, channel);
    directory.lock = channel.tryLock();
    if (directory.lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(directory);
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  Path log(String name) {
    return path.resolve("log").resolve(name + ".log");
  }

  /**
   * Where the installation that runs here says that it can be reached; empty when it says nothing.
   */
  static Optional<JsonNode> addresses(Path path) throws IOException {
    Path file = path.resolve("gantry.json");
    return Files.exists(file) ? Optional.of(JSON.readTree(file.toFile())) : Optional.empty();
  }

  /** Tells scripts the addresses; the file is there whole or not at all. */
  void writeAddresses(Map<String, Object> addresses) throws IOException {
    Path temporary = path.resolve("gantry.json.tmp");
    JSON.writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), addresses);
    Files.move(temporary, path.resolve("gantry.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The admin key, made at the first start. */
  String adminKey() throws IOException {
    Path file = path.resolve("admin.key");
    if (!Files.exists(file)) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      String key = "gtk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, key + "\n");
    }
    return readKey(path);
  }

  static String readKey(Path path) throws IOException {
    return Files.readString(path.resolve("admin.key"), StandardCharsets.UTF_8).trim();
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      Files.deleteIfExists(path.resolve("gantry.json"));
      lock.release();
      channel.close();
    }
  }
}
