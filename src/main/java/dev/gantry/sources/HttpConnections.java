package dev.gantry.sources;

import dev.gantry.network.AddressPolicy;
import dev.gantry.network.CheckedConnections;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.apache.HttpClientConnection;

/**
 * HTTP connections of one fetch, to addresses that are checked. No proxy is used, since it would
 * look names up itself, and no redirect is followed but by Git's rules. Blocks.
 */
final class HttpConnections implements HttpConnectionFactory {
  private final boolean plainAllowed;
  private final FetchBudget budget;
  private final CloseableHttpClient client;

  HttpConnections(SourceConfig config, AddressPolicy network, FetchBudget budget) {
    this.plainAllowed = config.allowLocal();
    this.budget = budget;
    int millis = (int) Math.min(Integer.MAX_VALUE, config.timeout().toMillis());
    this.client =
        HttpClients.custom()
            .setConnectionManager(CheckedConnections.pool(network))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectTimeout(millis)
                    .setConnectionRequestTimeout(millis)
                    .setSocketTimeout(millis)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
    budget.closing(client);
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    if (!url.getProtocol().equals("https") && !plainAllowed) {
      throw new IOException("it leads to " + url.getProtocol() + "://, which is not allowed here");
    }
    return new HttpClientConnection(url.toString(), null, client) {
      @Override
      public InputStream getInputStream() throws IOException {
        return budget.counted(super.getInputStream());
      }
    };
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return create(url);
  }
}
