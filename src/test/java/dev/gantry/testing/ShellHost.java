package dev.gantry.testing;

import java.io.Closeable;
import java.io.IOException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;

/** Another host, on loopback, whose user {@code deploy} may run commands with one key. */
public final class ShellHost implements Closeable {
  private final KeyPair hostKey = SshKeys.generatePlain();
  private final KeyPair userKey = SshKeys.generatePlain();
  private final SshServer server = SshServer.setUpDefaultServer();

  public ShellHost() throws IOException {
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) ->
            user.equals("deploy") && KeyUtils.compareKeys(key, userKey.getPublic()));
    server.setCommandFactory(ProcessShellCommandFactory.INSTANCE);
    server.start();
  }

  public int port() {
    return server.getPort();
  }

  /** A line of {@code known_hosts} about this host. */
  public String knownHost() {
    return "[127.0.0.1]:" + port() + " " + SshKeys.publicText(hostKey) + "\n";
  }

  /** What a file of the private key holds. */
  public String privateKey() {
    return SshKeys.privateText(userKey, null);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
