package dev.gantry.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.network.AddressPolicy;
import dev.gantry.sources.ServedRepository.Entry;
import dev.gantry.testing.SshKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that are not public: a password over https, a key over ssh, and hosts that are known. */
class GitCredentialsTest {
  private static final GitCredentials TOKEN = GitCredentials.token(GitHttpServer.PASSWORD);

  private final ServedRepository served = new ServedRepository();
  private final KeyPair key = SshKeys.generate();
  private ObjectId commit;
  private GitHttpServer https;
  private GitSshServer ssh;

  @TempDir Path folder;

  @BeforeEach
  void serve() throws IOException {
    commit = served.commit(Entry.file("a.yaml", "steps: []"));
    https = new GitHttpServer(served);
    ssh = new GitSshServer(served, key.getPublic());
  }

  @AfterEach
  void stop() throws IOException {
    https.close();
    ssh.close();
  }

  private static String fetch(String url, GitCredentials credentials, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("gantry.sources.allow-local", "true");
    settings.put("gantry.sources.timeout", "30s");
    SourceConfig config = Sources.config(settings);
    AddressPolicy network =
        AddressPolicy.of(
            List.of("127.0.0.0/8"),
            host -> InetAddress.getAllByName(host.endsWith(".test") ? "127.0.0.1" : host));
    return Sources.repository(config, network)
        .fetch(SourceAddress.parse(url, config), credentials, snapshot -> snapshot.commit().name());
  }

  private static String fetch(String url, GitCredentials credentials) {
    return fetch(url, credentials, Map.of());
  }

  private GitCredentials.Ssh trusting(String... hostKeys) {
    return new GitCredentials.Ssh(SshKeys.privateText(key, null), null, List.of(hostKeys));
  }

  private String hostKey() {
    return SshKeys.publicText(ssh.hostKey);
  }

  @Test
  void takesAToken() {
    assertThat(fetch(https.url("/locked"), TOKEN)).isEqualTo(commit.name());
    assertThat(https.requests).anyMatch(request -> request.endsWith(" authorized"));
  }

  @Test
  void saysThatATokenIsMissingOrWrongAndNeverWhich() {
    assertThat(Sources.error(() -> fetch(https.url("/locked"), GitCredentials.NONE)))
        .containsIgnoringCase("authentication");
    assertThat(Sources.error(() -> fetch(https.url("/locked"), GitCredentials.token("fake-other"))))
        .contains("not authorized")
        .doesNotContain("fake-other");
  }

  @Test
  void tellsAPasswordToNoOtherHost() {
    String other = "other.test:" + https.port();
    String url = https.url("git.test", "/to/" + other + "/locked");

    assertThat(Sources.error(() -> fetch(url, TOKEN))).contains("not authorized");
    assertThat(https.requests)
        .anyMatch(request -> request.startsWith(other))
        .noneMatch(request -> request.endsWith(" authorized"));
  }

  @Test
  void takesAKeyAndAHostKeyThatComesWithIt() {
    assertThat(fetch(ssh.url(), trusting(hostKey()))).isEqualTo(commit.name());
    assertThat(ssh.commands).containsExactly("git-upload-pack '/repo.git'");
    assertThat(fetch("ssh://git@git.test:" + ssh.port() + "/repo.git", trusting(hostKey())))
        .isEqualTo(commit.name());
  }

  @Test
  void takesAKeyWithAPassphrase() {
    String locked = SshKeys.privateText(key, "fake-passphrase");

    assertThat(
            fetch(ssh.url(), new GitCredentials.Ssh(locked, "fake-passphrase", List.of(hostKey()))))
        .isEqualTo(commit.name());
    for (String wrong : new String[] {"fake-other", null}) {
      assertThat(
              Sources.error(
                  () ->
                      fetch(ssh.url(), new GitCredentials.Ssh(locked, wrong, List.of(hostKey())))))
          .contains("private key cannot be read")
          .doesNotContain("fake-");
    }
  }

  @Test
  void knowsHostsFromTheOperatorsFile() throws IOException {
    Path known = folder.resolve("known_hosts");
    Map<String, String> settings = Map.of("gantry.sources.known-hosts", known.toString());
    String url = "ssh://git@git.test:" + ssh.port() + "/repo.git";
    String line = "[git.test]:" + ssh.port() + " ";

    Files.writeString(known, line + hostKey() + "\n");
    assertThat(fetch(url, trusting(), settings)).isEqualTo(commit.name());

    Files.writeString(known, line + SshKeys.publicText(SshKeys.generate()) + "\n");
    assertThat(Sources.error(() -> fetch(url, trusting(), settings)))
        .contains("gantry.sources.known-hosts");

    Files.writeString(known, "");
    assertThat(Sources.error(() -> fetch(url, trusting(), settings)))
        .contains(
            "host '[git.test]:" + ssh.port() + "' shows the key SHA256:",
            "gantry.sources.known-hosts");
    assertThat(Files.readString(known)).isEmpty();
    assertThat(ssh.commands).hasSize(1);
  }

  @Test
  void refusesAHostThatIsNotKnown() {
    assertThat(Sources.error(() -> fetch(ssh.url(), trusting())))
        .contains("gantry.sources.known-hosts");
    assertThat(
            Sources.error(() -> fetch(ssh.url(), trusting(SshKeys.publicText(SshKeys.generate())))))
        .contains("shows the key SHA256:", "gantry.sources.known-hosts");
    assertThat(Sources.error(() -> fetch(ssh.url(), trusting("no key"))))
        .contains("host key that cannot be read");
    assertThat(ssh.commands).isEmpty();
  }

  @Test
  void refusesAKeyThatIsNotTheHosts() {
    GitCredentials.Ssh other =
        new GitCredentials.Ssh(
            SshKeys.privateText(SshKeys.generate(), null), null, List.of(hostKey()));

    assertThat(Sources.error(() -> fetch(ssh.url(), other))).contains("cannot be fetched");
    assertThat(ssh.commands).isEmpty();
  }

  @Test
  void saysWhichCredentialsAnAddressNeeds() {
    assertThat(Sources.error(() -> fetch(ssh.url(), GitCredentials.NONE))).contains("ssh key");
    assertThat(Sources.error(() -> fetch(ssh.url(), TOKEN))).contains("ssh key");
    assertThat(Sources.error(() -> fetch(https.url("/repo"), trusting()))).contains("ssh key");
  }

  @Test
  void showsNoCredentialAsText() {
    assertThat(TOKEN.toString()).doesNotContain(GitHttpServer.PASSWORD);
    assertThat(new GitCredentials.Ssh("fake-key", "fake-passphrase", List.of()).toString())
        .doesNotContain("fake-");
  }
}
