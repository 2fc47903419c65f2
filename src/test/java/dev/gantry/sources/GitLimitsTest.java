package dev.gantry.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.gantry.http.ApiException;
import dev.gantry.sources.ServedRepository.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise B3 for what comes from a server: links, submodules and hooks mean nothing; a huge, deep,
 * slow or endless repository ends while it is fetched, by a limit that is named.
 */
@Timeout(60)
class GitLimitsTest {
  private static final int MIB = 1 << 20;

  private final ServedRepository served = new ServedRepository();
  private final CountDownLatch over = new CountDownLatch(1);
  private GitHttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = new GitHttpServer(served);
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.close();
  }

  private static SourceConfig config(String... settings) {
    Map<String, String> all = new HashMap<>(Map.of("gantry.sources.allow-local", "true"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put("gantry.sources." + settings[i], settings[i + 1]);
    }
    return Sources.config(all);
  }

  private static <T> T fetch(SourceConfig config, String url, GitRepository.Reader<T> read) {
    return Sources.repository(config, Sources.loopback())
        .fetch(SourceAddress.parse(url, config), GitCredentials.NONE, read);
  }

  private List<String> files(SourceConfig config, String url) {
    return fetch(
        config,
        url,
        snapshot -> {
          List<String> files = new ArrayList<>();
          SourceFiles.walk(snapshot, config, file -> true, (file, text) -> files.add(file));
          return files;
        });
  }

  private String error(String... settings) {
    return Sources.error(() -> files(config(settings), server.url("/repo")));
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    return noise;
  }

  @Test
  void followsNeitherLinksNorSubmodulesAndRunsNothing() throws IOException {
    served.commit(
        Entry.file(".gitmodules", modules()),
        Entry.file("hooks/post-checkout", "#!/bin/sh\nexit 1"),
        Entry.link("link.yaml", "/etc/passwd"),
        Entry.link("folder", "/etc"),
        Entry.submodule("sub"));

    assertThat(files(config(), server.url("/repo")))
        .containsExactly(".gitmodules", "hooks/post-checkout");
    assertThat(server.requests).noneMatch(request -> request.contains("/submodule"));
  }

  private String modules() {
    return "[submodule \"sub\"]\n\tpath = sub\n\turl = " + server.url("/submodule") + "\n";
  }

  @Test
  void keepsABareCopyThatIsGoneAfterwards() throws IOException {
    served.commit(Entry.file("hooks/post-checkout", "#!/bin/sh\nexit 1"));

    Path copy =
        fetch(
            config(),
            server.url("/repo"),
            snapshot -> {
              Path directory = snapshot.repository().getDirectory().toPath();
              assertThat(snapshot.repository().isBare()).isTrue();
              try (Stream<Path> all = Files.walk(directory)) {
                assertThat(all.filter(Files::isRegularFile))
                    .noneMatch(file -> file.toString().contains("hooks"));
              }
              return directory;
            });

    assertThat(copy).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/../../b", "/etc/passwd"})
  void refusesNamesThatArePaths(String name) throws IOException {
    TreeFormatter tree = new TreeFormatter();
    tree.append(name, FileMode.REGULAR_FILE, served.insert("steps: []"));
    served.commitTree(tree.toByteArray());

    assertThat(error()).contains("name is a path");
  }

  @Test
  void stopsWhileMoreThanMaxBytesCome() throws IOException {
    served.commit(new Entry("noise", FileMode.REGULAR_FILE, noise(32 * MIB)));

    assertThat(error("max-bytes", "1000000")).contains("1000000 bytes (gantry.sources.max-bytes)");
    assertThat(server.sent.get()).isLessThan(16L * MIB);
  }

  @Test
  void countsWhatComesFromTheServersOwnDiskToo() throws Exception {
    Path folder = Files.createTempDirectory("gantry-test-");
    try (var git = Git.init().setDirectory(folder.toFile()).call()) {
      Files.write(folder.resolve("noise"), noise(2 * MIB));
      git.add().addFilepattern(".").call();
      git.commit().setMessage("test").setAuthor("t", "t@e.x").setSign(false).call();
    }

    assertThat(Sources.error(() -> files(config("max-bytes", "1000000"), "file://" + folder)))
        .contains("gantry.sources.max-bytes");
  }

  @Test
  void refusesASmallPackThatHoldsAHugeFile() throws IOException {
    served.commit(new Entry("zeros", FileMode.REGULAR_FILE, new byte[8 * MIB]));

    assertThat(error("max-object-bytes", "1000000"))
        .contains("larger than 1000000 bytes (gantry.sources.max-object-bytes)");
  }

  @Test
  void refusesTooManyFilesAndFolders() throws IOException {
    served.commit(IntStream.range(0, 21).mapToObj(i -> Entry.file("f" + i, "x")).toList());

    assertThat(error("max-files", "20")).contains("more than 20 files", "gantry.sources.max-files");
    assertThat(files(config("max-files", "21"), server.url("/repo"))).hasSize(21);
  }

  @Test
  void refusesFoldersThatAreTooDeep() throws IOException {
    served.commit(Entry.file("a/".repeat(5) + "x.yaml", "steps: []"));

    assertThat(error("max-depth", "4")).contains("more than 4 deep (gantry.sources.max-depth)");
    assertThat(files(config("max-depth", "5"), server.url("/repo"))).hasSize(1);
  }

  /** One object, named over and over, is small to fetch and huge to read. */
  @Test
  void countsWhatIsReadHoweverOftenItIsNamed() throws IOException {
    String text = "x".repeat(100_000);
    served.commit(IntStream.range(0, 50).mapToObj(i -> Entry.file("f" + i, text)).toList());

    assertThat(error("max-bytes", "1000000")).contains("gantry.sources.max-bytes");
    assertThat(files(config("max-bytes", "10000000"), server.url("/repo"))).hasSize(50);
  }

  @Test
  void passesOverLargeFilesAndSaysSoWhenNothingIsLeft() throws IOException {
    served.commit(Entry.file("big.yaml", "steps: []\n" + "#".repeat(1000)));
    SourceConfig config = config("max-file-bytes", "1000");

    assertThat(
            Sources.error(
                () ->
                    fetch(
                        config,
                        server.url("/repo"),
                        snapshot -> WorkflowFiles.pick(snapshot, config))))
        .isEqualTo(
            "holds no workflow; larger than 1000 bytes (gantry.sources.max-file-bytes): big.yaml");
  }

  @Test
  void tellsABranchThatIsNotThereAndATreeThatIsNotWhole() throws IOException {
    TreeFormatter tree = new TreeFormatter();
    tree.append("a.yaml", FileMode.REGULAR_FILE, served.insert("steps: []"));
    served.commitTree(tree.toByteArray());

    assertThat(Sources.error(() -> files(config(), server.url("/repo") + "/tree/nowhere")))
        .contains("refs/heads/nowhere");
    tree.append("b.yaml", FileMode.REGULAR_FILE, ObjectId.fromString("2".repeat(40)));
    served.commitTree(tree.toByteArray());
    assertThat(error()).contains("cannot be fetched");
  }

  @Test
  void endsAServerThatNeverEndsToNameBranches() {
    server.on(
        "/endless",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Content-Type", "application/x-git-upload-pack-advertisement");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          out.write("001e# service=git-upload-pack\n0000".getBytes(StandardCharsets.UTF_8));
          for (int i = 0; true; i++) {
            String line = "%s refs/heads/%08d%s\n".formatted("3".repeat(40), i, i == 0 ? "\0" : "");
            out.write("%04x%s".formatted(line.length() + 4, line).getBytes(StandardCharsets.UTF_8));
          }
        });

    assertThat(Sources.error(() -> files(config("max-bytes", "1000000"), server.url("/endless"))))
        .contains("gantry.sources.max-bytes");
  }

  @Test
  void tellsApartWhatMayPassAndWhatWillNot() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    assertThat(refusal("http://127.0.0.1:" + port + "/repo").mayPass()).isTrue();
    assertThat(refusal("http://nobody.invalid/repo").mayPass()).isTrue();
    assertThat(refusal(server.url("/repo") + "/tree/nowhere").mayPass()).isFalse();
    assertThat(refusal(server.url("/no-such-repository")).mayPass()).isFalse();
  }

  private ApiException refusal(String url) {
    return Sources.refusal(() -> files(config(), url));
  }

  /** Each read is answered in time, and the whole never ends. */
  @Test
  void endsAServerThatTrickles() {
    server.on("/slow", this::trickle);

    long begun = System.nanoTime();
    assertThat(Sources.error(() -> files(config("timeout", "2s"), server.url("/slow"))))
        .contains("takes longer than 2000 ms to fetch (gantry.sources.timeout)");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
  }

  private void trickle(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .add("Content-Type", "application/x-git-upload-pack-advertisement");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.write("001e# service=git-upload-pack\n0000fff0".getBytes(StandardCharsets.UTF_8));
    try {
      while (!over.await(100, TimeUnit.MILLISECONDS)) {
        out.write('x');
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssh://git@", "http://", "https://"})
  void endsAServerThatSaysNothing(String scheme) throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = scheme + "127.0.0.1:" + silent.getLocalPort() + "/repo";
      SourceConfig config = config("timeout", "2s");
      GitCredentials credentials =
          scheme.startsWith("ssh") ? GitSshServer.strangers() : GitCredentials.NONE;

      assertThat(
              Sources.error(
                  () ->
                      Sources.repository(config, Sources.loopback())
                          .fetch(SourceAddress.parse(url, config), credentials, s -> "")))
          .contains("gantry.sources.timeout");
    }
  }

  @Test
  void endsAtOnceWhenNobodyWaitsAnyMore() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/repo";
      SourceConfig config = config("timeout", "10m");
      FetchBudget budget = new FetchBudget(config);
      CompletableFuture<String> fetch =
          CompletableFuture.supplyAsync(
              () ->
                  Sources.error(
                      () ->
                          Sources.repository(config, Sources.loopback())
                              .fetch(
                                  SourceAddress.parse(url, config),
                                  GitCredentials.NONE,
                                  budget,
                                  s -> "")));
      try (Socket connection = silent.accept()) {
        budget.cancel();

        await().atMost(Duration.ofSeconds(20)).until(fetch::isDone);
        assertThat(fetch.join()).contains("no longer waited for");
        connection.setSoTimeout(10_000);
        assertThat(isClosed(connection)).isTrue();
      }
    }
  }

  private static boolean isClosed(Socket connection) throws IOException {
    try {
      connection.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset
    }
  }
}
