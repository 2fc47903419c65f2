package dev.gantry.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.network.AddressPolicy;
import dev.gantry.sources.ServedRepository.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise B2 for Git: a source never leads to a private address, and what is checked is used. */
class GitAddressesTest {
  private static final SourceConfig CONFIG =
      Sources.config(Map.of("gantry.sources.allow-local", "true", "gantry.sources.timeout", "20s"));
  private static final GitCredentials.Ssh KEY = GitSshServer.strangers();

  private final ServedRepository served = new ServedRepository();
  private GitHttpServer server;

  @BeforeEach
  void serve() throws IOException {
    served.commit(Entry.file("a.yaml", "steps: []"));
    server = new GitHttpServer(served);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String fetch(AddressPolicy network, String url, GitCredentials credentials) {
    SourceAddress address = SourceAddress.parse(url, CONFIG);
    return Sources.repository(CONFIG, network)
        .fetch(address, credentials, snapshot -> snapshot.commit().name());
  }

  private static AddressPolicy real(String... allowed) {
    return AddressPolicy.of(List.of(allowed), InetAddress::getAllByName);
  }

  /** Names that all lead to this machine, of which some are exempt. */
  private static AddressPolicy names(String... allowed) {
    return AddressPolicy.of(List.of(allowed), host -> InetAddress.getAllByName("127.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:a00:1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[64:ff9b::a9fe:a9fe]",
        "2130706433",
        "localhost"
      })
  void refusesPrivateAddressesHoweverSpelt(String host) {
    String plain = host.replaceAll("[\\[\\]]", "");
    String port = ":" + server.port();
    for (String scheme : List.of("https://", "http://")) {
      assertThat(
              Sources.error(
                  () -> fetch(real(), scheme + host + port + "/repo", GitCredentials.NONE)))
          .contains(plain)
          .contains("gantry.network.allow");
    }
    assertThat(Sources.error(() -> fetch(real(), "ssh://git@" + host + port + "/repo", KEY)))
        .contains(plain)
        .contains("gantry.network.allow");
    assertThat(server.requests).isEmpty();
  }

  /** What no URL can hold is not even looked up. */
  @ParameterizedTest
  @ValueSource(
      strings = {"[::ffff:127.0.0.1]", "127.1", "0x7f000001", "127.0.0.1%00", "[::1%25lo]"})
  void refusesHostsThatAreNone(String host) {
    for (String scheme : List.of("https://", "http://", "ssh://git@")) {
      String url = scheme + host + ":" + server.port() + "/repo";
      GitCredentials credentials = scheme.startsWith("ssh") ? KEY : GitCredentials.NONE;
      assertThat(Sources.error(() -> fetch(real(), url, credentials))).isNotEmpty();
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void tellsAHostThatThereIsNot() {
    AddressPolicy nowhere =
        AddressPolicy.of(
            List.of(),
            host -> {
              throw new UnknownHostException(host);
            });
    for (String url : List.of("https://none.test/repo", "ssh://git@none.test/repo")) {
      GitCredentials credentials = url.startsWith("ssh") ? KEY : GitCredentials.NONE;
      assertThat(Sources.error(() -> fetch(nowhere, url, credentials)))
          .contains("no such host: none.test");
    }
  }

  @Test
  void fetchesFromWhatIsExempt() {
    assertThat(fetch(real("127.0.0.0/8"), server.url("/repo"), GitCredentials.NONE)).hasSize(40);
    assertThat(fetch(names(".test"), server.url("git.test", "/repo"), GitCredentials.NONE))
        .hasSize(40);
  }

  @Test
  void checksWhereARedirectLeads() {
    String inner = "inner.test:" + server.port();
    String url = server.url("git.test", "/to/" + inner + "/repo");

    assertThat(Sources.error(() -> fetch(names("git.test"), url, GitCredentials.NONE)))
        .contains("'inner.test'")
        .contains("gantry.network.allow");
    assertThat(server.requests).isNotEmpty().noneMatch(request -> request.startsWith(inner));

    assertThat(fetch(names("git.test", "inner.test"), url, GitCredentials.NONE)).hasSize(40);
    assertThat(server.requests).anyMatch(request -> request.startsWith(inner));
  }

  @Test
  void leavesHttpsOutOfAllRedirectsToPlainHttp() {
    SourceConfig shared = Sources.config(Map.of());
    FetchBudget budget = new FetchBudget(shared);
    HttpConnections connections = new HttpConnections(shared, names(".test"), budget);

    assertThatThrownBy(() -> connections.create(new URL(server.url("git.test", "/repo"))))
        .hasMessageContaining("http://, which is not allowed here");
  }

  /** The first answer may be connected to, the second may not: only the first one counts. */
  @Test
  void connectsToTheAddressThatWasCheckedAndAsksForNoOther() {
    AtomicInteger asked = new AtomicInteger();
    AddressPolicy rebinding =
        AddressPolicy.of(
            List.of("127.0.0.2"),
            host ->
                InetAddress.getAllByName(asked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1"));

    String http = server.url("git.test", "/repo");
    assertThat(Sources.error(() -> fetch(rebinding, http, GitCredentials.NONE)))
        .doesNotContain("gantry.network.allow");
    assertThat(asked).hasValue(1);
    assertThat(server.requests).isEmpty();

    asked.set(0);
    String ssh = "ssh://git@git.test:" + server.port() + "/repo";
    assertThat(Sources.error(() -> fetch(rebinding, ssh, KEY)))
        .doesNotContain("gantry.network.allow");
    assertThat(asked).hasValue(1);
  }

  /** A fetch takes several connections, of which each is checked anew. */
  @Test
  void refusesANameThatTurnsPrivateHalfWay() {
    AtomicInteger asked = new AtomicInteger();
    AddressPolicy rebinding =
        AddressPolicy.of(
            List.of("127.0.0.1"),
            host ->
                InetAddress.getAllByName(asked.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1"));

    assertThat(
            Sources.error(
                () -> fetch(rebinding, server.url("git.test", "/repo"), GitCredentials.NONE)))
        .contains("10.0.0.1")
        .contains("gantry.network.allow");
    assertThat(server.requests).hasSize(1);
  }
}
