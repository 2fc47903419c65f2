package dev.gantry.runner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A daemon of the tests' own, in a temporary folder and on a socket in it, that leaves the host's
 * network alone. Needs {@code dockerd}, a statically linked {@code busybox} and root. Another one
 * is used when {@code -Dgantry.test.docker=unix:///…} names it, with {@code -Dgantry.test.image}
 * (by default {@code busybox:1.36}).
 */
public final class DockerDaemon implements AutoCloseable {
  /** An image with a program, {@code /echo}, and nothing else. */
  public static final String WITHOUT_SHELL = "program:local";

  static final Path BUSYBOX = Path.of("/bin/busybox");
  private static DockerDaemon shared;

  private final Path folder;
  private final String address;
  private final String image;
  private final DockerClient client;
  private Process process;
  private boolean killed;

  private DockerDaemon(Path folder, String address, String image) {
    this.folder = folder;
    this.address = address;
    this.image = image;
    this.client = client(address);
  }

  private static DockerClient client(String address) {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(address).build();
    return DockerClientImpl.getInstance(
        config, new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  /** The one that all tests of this process share; skips the test, and says why, without one. */
  public static synchronized DockerDaemon orSkip() {
    if (shared == null) {
      String given = System.getProperty("gantry.test.docker");
      shared =
          given == null
              ? start()
              : new DockerDaemon(
                  null, given, System.getProperty("gantry.test.image", "busybox:1.36"));
      if (given != null) {
        shared.importImages();
      }
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /**
   * One that nobody else uses; containers outlive it. Skips the test, and says why, without one.
   */
  public static DockerDaemon start() {
    String missing = missing();
    if (missing != null) {
      String reason = "tests of the docker backend are skipped: " + missing;
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    try {
      Path folder = Files.createTempDirectory("gantry-dockerd");
      DockerDaemon daemon =
          new DockerDaemon(folder, "unix://" + folder.resolve("socket"), "busybox:local");
      daemon.run();
      daemon.importImages();
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "a daemon can be started by root only, and -Dgantry.test.docker names none";
    }
    if (find("dockerd") == null) {
      return "there is no dockerd (Debian: apt-get install docker.io)";
    }
    return Files.isExecutable(BUSYBOX)
        ? null
        : "there is no " + BUSYBOX + " to make an image from (Debian: busybox-static)";
  }

  private static String find(String program) {
    return Stream.of("/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")
        .map(directory -> directory + program)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse(null);
  }

  /** Starts it, also again after {@link #kill}; ready when this returns. */
  public void run() {
    try {
      // What was killed may not be reaped yet, and would be taken for running.
      Files.deleteIfExists(folder.resolve("pid"));
      Files.deleteIfExists(folder.resolve("exec/containerd/containerd.pid"));
      process =
          new ProcessBuilder(
                  find("dockerd"),
                  "--data-root=" + folder.resolve("data"),
                  "--exec-root=" + folder.resolve("exec"),
                  "--pidfile=" + folder.resolve("pid"),
                  "--host=" + address,
                  "--iptables=false",
                  "--bridge=none",
                  "--live-restore")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await().atMost(Duration.ofSeconds(60)).failFast(this::mustLive).until(this::answers);
  }

  private void mustLive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("dockerd has ended: " + log());
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private boolean answers() {
    try {
      client.pingCmd().exec();
      return true;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  /** Ends it without a word to anybody; its containers live on. */
  public void kill() {
    killed = true;
    process.destroyForcibly().onExit().join();
  }

  public String address() {
    return address;
  }

  /** An image with a shell. */
  public String image() {
    return image;
  }

  /** A network that there is. */
  public String network() {
    return folder == null ? "bridge" : "none";
  }

  /** What containers log with; empty for the daemon's own, since not every one has the same. */
  String logDriver() {
    return folder == null ? "" : "local";
  }

  public DockerClient client() {
    return client;
  }

  private void importImages() {
    if (folder != null) {
      importImage("busybox:local", ImageFile.busybox());
    }
    importImage(WITHOUT_SHELL, List.of(ImageFile.copy("echo", BUSYBOX)));
  }

  /** By hand, since docker-java does not send such an archive to its end. */
  void importImage(String name, List<ImageFile> files) {
    byte[] archive = ImageFile.archive(files);
    String head =
        "POST /images/create?fromSrc=-&repo="
            + name.replace(":", "&tag=")
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-tar\r\n"
            + ("Content-Length: " + archive.length + "\r\nConnection: close\r\n\r\n");
    Path socket = Path.of(URI.create(address).getPath());
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        OutputStream out = Channels.newOutputStream(channel);
        InputStream in = Channels.newInputStream(channel)) {
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(archive);
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (!answer.startsWith("HTTP/1.1 200") || answer.contains("error")) {
        throw new IllegalStateException("image " + name + " cannot be made: " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    try {
      if (process.isAlive()) {
        client.listContainersCmd().withShowAll(true).exec().forEach(this::remove);
      }
    } finally {
      stop();
    }
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      client.close();
      if (killed) {
        // It could not take away what it had mounted over its own folder.
        new ProcessBuilder("umount", "--recursive", folder.resolve("data").toString())
            .inheritIO()
            .start()
            .waitFor();
      }
      delete();
    } catch (InterruptedException | IOException | UncheckedIOException e) {
      System.out.println(folder + " is left behind: " + e);
    }
  }

  private void remove(Container container) {
    try {
      client.removeContainerCmd(container.getId()).withForce(true).exec();
    } catch (NotFoundException | ConflictException e) {
      System.out.println("somebody else removes " + container.getId());
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
