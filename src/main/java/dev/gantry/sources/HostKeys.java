package dev.gantry.sources;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;

/**
 * The keys by which an ssh host is known: those that come with the credentials, else those of
 * {@code gantry.sources.known-hosts}. Nothing is ever learned from the host itself. Asked on a
 * thread of the ssh client; reads the file.
 */
final class HostKeys implements ServerKeyDatabase {
  private static final String HOW =
      "give its key with the credentials, or have the operator add it to the file that"
          + " gantry.sources.known-hosts names";

  private final String host;
  private final List<PublicKey> pinned;
  private final ServerKeyDatabase file;
  private final FetchBudget budget;

  private HostKeys(
      String host, List<PublicKey> pinned, ServerKeyDatabase file, FetchBudget budget) {
    this.host = host;
    this.pinned = pinned;
    this.file = file;
    this.budget = budget;
  }

  static HostKeys of(
      URIish uri, List<String> pinned, Optional<Path> knownHosts, FetchBudget budget) {
    if (pinned.isEmpty() && knownHosts.isEmpty()) {
      throw SourceAddress.invalid("the key of host '" + uri.getHost() + "' is not known: " + HOW);
    }
    return new HostKeys(
        named(uri),
        pinned.stream().map(HostKeys::key).toList(),
        new OpenSshServerKeyDatabase(false, knownHosts.stream().toList()),
        budget);
  }

  /** As a file of known hosts has it. */
  private static String named(URIish uri) {
    return uri.getPort() > 0 && uri.getPort() != 22
        ? "[" + uri.getHost() + "]:" + uri.getPort()
        : uri.getHost();
  }

  private static PublicKey key(String text) {
    try {
      return AuthorizedKeyEntry.parseAuthorizedKeyEntry(text)
          .resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw SourceAddress.invalid(
          "has credentials with a host key that cannot be read; it must be as 'ssh-ed25519 AAAA…'");
    }
  }

  @Override
  public List<PublicKey> lookup(String connected, InetSocketAddress at, Configuration ssh) {
    return pinned.isEmpty() ? file.lookup(host, at, ssh) : pinned;
  }

  @Override
  public boolean accept(
      String connected,
      InetSocketAddress at,
      PublicKey key,
      Configuration ssh,
      CredentialsProvider unused) {
    boolean known =
        pinned.isEmpty()
            ? file.accept(host, at, key, ssh, null)
            : pinned.stream().anyMatch(each -> KeyUtils.compareKeys(each, key));
    if (!known) {
      budget.end(
          SourceAddress.invalid(
              "host '%s' shows the key %s, which is not known: %s"
                  .formatted(host, KeyUtils.getFingerPrint(key), HOW)));
    }
    return known;
  }
}
