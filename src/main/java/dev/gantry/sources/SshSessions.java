package dev.gantry.sources;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.eclipse.jgit.util.FS;

/**
 * The ssh session of one fetch: one key, no agent, no proxy, and nothing of the server's own {@code
 * ~/.ssh}. The URI's host is the checked address. Blocks.
 */
final class SshSessions extends SshSessionFactory {
  private final SshdSessionFactory sessions;
  private final FetchBudget budget;

  private SshSessions(SshdSessionFactory sessions, FetchBudget budget) {
    this.sessions = sessions;
    this.budget = budget;
  }

  /**
   * @param empty a folder in which there are no files of ssh
   */
  static SshSessions of(
      GitCredentials.Ssh credentials, HostKeys hosts, File empty, FetchBudget budget) {
    List<KeyPair> keys = keys(credentials);
    return new SshSessions(
        new SshdSessionFactoryBuilder()
            .setHomeDirectory(empty)
            .setSshDirectory(empty)
            .setConfigFile(folder -> null)
            .setConnectorFactory(null)
            .setProxyDataFactory(null)
            .setPreferredAuthentications("publickey")
            .setDefaultIdentities(folder -> List.of())
            .setDefaultKeysProvider(folder -> keys)
            .setServerKeyDatabase((home, folder) -> hosts)
            .build(null),
        budget);
  }

  private static List<KeyPair> keys(GitCredentials.Ssh credentials) {
    byte[] text = credentials.privateKey().getBytes(StandardCharsets.UTF_8);
    FilePasswordProvider passphrase =
        credentials.passphrase() == null
            ? FilePasswordProvider.EMPTY
            : FilePasswordProvider.of(credentials.passphrase());
    List<KeyPair> keys = new ArrayList<>();
    try {
      SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName("the private key"),
              new ByteArrayInputStream(text),
              passphrase)
          .forEach(keys::add);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      keys.clear(); // What the parser says could quote the key.
    }
    if (keys.isEmpty()) {
      throw SourceAddress.invalid(
          "has credentials whose private key cannot be read; it must be a key in OpenSSH's or PEM"
              + " form, with its passphrase when it has one");
    }
    return keys;
  }

  @Override
  public RemoteSession getSession(
      URIish uri, CredentialsProvider unused, FS files, int timeoutMillis)
      throws TransportException {
    return new CountedSession(sessions.getSession(uri, null, files, timeoutMillis), budget);
  }

  @Override
  public String getType() {
    return sessions.getType();
  }
}
