package dev.gantry.sources;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * A user and a password that one host alone is told: a redirect to another host does not carry them
 * there.
 */
final class HostPassword extends UsernamePasswordCredentialsProvider {
  private final URIish host;

  HostPassword(URIish host, GitCredentials.Https credentials) {
    super(credentials.user(), credentials.password());
    this.host = host;
  }

  @Override
  public boolean get(URIish asking, CredentialItem... items) {
    return isHost(asking) && super.get(asking, items);
  }

  private boolean isHost(URIish asking) {
    return host.getHost().equalsIgnoreCase(asking.getHost())
        && host.getPort() == asking.getPort()
        && host.getScheme().equals(asking.getScheme());
  }
}
