package dev.gantry.sources;

import dev.gantry.testing.SshKeys;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;

/** A repository over ssh on loopback, for who has one key. */
final class GitSshServer implements AutoCloseable {
  final KeyPair hostKey = SshKeys.generate();

  /** What was run. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  private final SshServer server = SshServer.setUpDefaultServer();

  GitSshServer(ServedRepository repository, PublicKey allowed) throws IOException {
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) -> user.equals("git") && KeyUtils.compareKeys(key, allowed));
    server.setCommandFactory((channel, command) -> new Upload(command, repository));
    server.start();
  }

  /** Of nobody who is let in. */
  static GitCredentials.Ssh strangers() {
    return new GitCredentials.Ssh(
        SshKeys.privateText(SshKeys.generate(), null),
        null,
        List.of(SshKeys.publicText(SshKeys.generate())));
  }

  int port() {
    return server.getPort();
  }

  String url() {
    return "ssh://git@127.0.0.1:" + port() + "/repo.git";
  }

  private final class Upload extends AbstractCommandSupport {
    private final ServedRepository repository;

    Upload(String command, ServedRepository repository) {
      super(command, null);
      this.repository = repository;
    }

    @Override
    public void run() {
      commands.add(getCommand());
      try {
        String protocol = getEnvironment().getEnv().get("GIT_PROTOCOL");
        repository.upload(protocol, getInputStream(), getOutputStream(), getErrorStream());
        onExit(0);
      } catch (IOException e) {
        onExit(1, e.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
