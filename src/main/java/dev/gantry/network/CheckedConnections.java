package dev.gantry.network;

import java.net.InetAddress;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/**
 * Connections for clients that ask what callers name. The look-up of names is the checked one, so
 * that each address, also that of a redirect, is checked where it is connected to; what a server
 * says before its content is bounded.
 */
public final class CheckedConnections {
  private static final int MAX_HEADERS = 200;
  private static final int MAX_HEADER = 16 << 10;
  private static final int MAX_CONNECTIONS = 20;

  private CheckedConnections() {}

  /** A pool of its own; whoever closes the client closes it. */
  public static PoolingHttpClientConnectionManager pool(AddressPolicy network) {
    var connections =
        new PoolingHttpClientConnectionManager(
            RegistryBuilder.<ConnectionSocketFactory>create()
                .register("https", SSLConnectionSocketFactory.getSocketFactory())
                .register("http", PlainConnectionSocketFactory.getSocketFactory())
                .build(),
            host -> network.resolve(host).toArray(InetAddress[]::new));
    connections.setMaxTotal(MAX_CONNECTIONS);
    connections.setDefaultMaxPerRoute(MAX_CONNECTIONS);
    connections.setDefaultConnectionConfig(
        ConnectionConfig.custom()
            .setMessageConstraints(
                MessageConstraints.custom()
                    .setMaxHeaderCount(MAX_HEADERS)
                    .setMaxLineLength(MAX_HEADER)
                    .build())
            .build());
    return connections;
  }
}
