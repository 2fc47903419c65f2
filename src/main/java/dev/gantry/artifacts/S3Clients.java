package dev.gantry.artifacts;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What the SDK needs to talk to the store and to sign for it. Any thread. */
final class S3Clients implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int CONNECTIONS = 256;

  /** How long connections have to say that they are closed; the SDK's own is two seconds. */
  private static final long QUIET_MS = 100;

  private static final long LAST_MS = 2000;

  private final AwsCredentialsProvider credentials;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(THREADS, new DefaultThreadFactory("object-store", true));
  private final SdkAsyncHttpClient http;
  private final S3AsyncClient client;
  private final S3Presigner presigner;

  S3Clients(StoreSettings settings) {
    credentials = credentials(settings.keys());
    http =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
            .maxConcurrency(CONNECTIONS)
            .build();
    client = client(settings);
    presigner = presigner(settings);
  }

  S3AsyncClient client() {
    return client;
  }

  S3Presigner presigner() {
    return presigner;
  }

  private static AwsCredentialsProvider credentials(StoreSettings.Keys keys) {
    return keys == null
        ? DefaultCredentialsProvider.builder().asyncCredentialUpdateEnabled(true).build()
        : StaticCredentialsProvider.create(
            AwsBasicCredentials.create(keys.access(), keys.secret()));
  }

  /** Who asks goes on on threads of its own at once, so the SDK needs none for answers. */
  private S3AsyncClient client(StoreSettings settings) {
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .httpClient(http)
            .forcePathStyle(settings.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .asyncConfiguration(
                a ->
                    a.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    URI endpoint = settings.endpoint();
    if (endpoint != null) {
      // Not every store knows the checksums that came after MD5
      builder.endpointOverride(endpoint).addPlugin(LegacyMd5Plugin.create());
    }
    return builder.build();
  }

  private S3Presigner presigner(StoreSettings settings) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    return builder.build();
  }

  @Override
  public void close() {
    presigner.close();
    client.close();
    http.close();
    loops.shutdownGracefully(QUIET_MS, LAST_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    if (credentials instanceof DefaultCredentialsProvider chain) {
      chain.close();
    }
  }
}
