package dev.gantry.sources;

import dev.gantry.network.AddressPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URISyntaxException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/**
 * Opens the way to a repository so that only checked addresses are connected to and all that comes
 * is counted. Blocks.
 */
@ApplicationScoped
class GitConnections {
  private final SourceConfig config;
  private final AddressPolicy network;

  GitConnections(SourceConfig config, AddressPolicy network) {
    this.config = config;
    this.network = network;
  }

  Transport open(
      Repository into, SourceAddress address, GitCredentials credentials, FetchBudget budget)
      throws IOException {
    URIish uri = uri(address);
    if (uri.getScheme() == null || uri.getScheme().equals("ssh")) {
      return ssh(into, uri, credentials, budget);
    }
    if (uri.getScheme().startsWith("http")) {
      return http(into, uri, credentials, budget);
    }
    return bounded(Transport.open(into, uri));
  }

  private Transport http(
      Repository into, URIish uri, GitCredentials credentials, FetchBudget budget)
      throws IOException {
    if (credentials instanceof GitCredentials.Ssh) {
      throw SourceAddress.invalid("is an https address, and its credentials are an ssh key");
    }
    TransportHttp transport = (TransportHttp) Transport.open(into, uri);
    transport.setHttpConnectionFactory(new HttpConnections(config, network, budget));
    transport.setCredentialsProvider(
        credentials instanceof GitCredentials.Https https ? new HostPassword(uri, https) : null);
    return bounded(transport);
  }

  private Transport ssh(Repository into, URIish uri, GitCredentials credentials, FetchBudget budget)
      throws IOException {
    if (!(credentials instanceof GitCredentials.Ssh key)) {
      throw SourceAddress.invalid("is an ssh address, which needs credentials with an ssh key");
    }
    String checked = network.resolve(uri.getHost()).get(0).getHostAddress();
    Transport transport = Transport.open(into, uri.setHost(checked));
    HostKeys hostKeys = HostKeys.of(uri, key.hostKeys(), config.knownHosts(), budget);
    ((SshTransport) transport)
        .setSshSessionFactory(SshSessions.of(key, hostKeys, into.getDirectory(), budget));
    return bounded(transport);
  }

  private Transport bounded(Transport transport) {
    transport.setTimeout((int) Math.max(1, config.timeout().toSeconds()));
    return transport;
  }

  private static URIish uri(SourceAddress address) {
    try {
      return new URIish(address.url());
    } catch (URISyntaxException e) {
      throw SourceAddress.invalid("'" + address.url() + "' is not a URL: " + e.getReason());
    }
  }
}
