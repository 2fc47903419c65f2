package dev.gantry.testing;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/**
 * An S3-compatible store in memory, which checks signatures and checksums; started once per JVM on
 * a free port of the loopback, gone with the JVM.
 */
public final class StoreServer {
  public static final String BUCKET = "artifacts";
  public static final String ACCESS_KEY = "example-access-key";
  public static final String SECRET_KEY = "example-secret-key-not-secret";

  private static StoreServer running;

  private final S3Proxy server;

  private StoreServer() throws Exception {
    TransientNio2BlobStore objects = new TransientNio2BlobStore();
    objects.createContainer(CreateBucketRequest.builder().bucket(BUCKET).build());
    server =
        S3Proxy.builder()
            .blobStore(objects)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
  }

  public static synchronized StoreServer get() {
    if (running == null) {
      try {
        running = new StoreServer();
      } catch (Exception e) {
        throw new IllegalStateException("the object store does not start", e);
      }
    }
    return running;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** What has Gantry use it, with a prefix that nobody else has. */
  public Map<String, String> settings() {
    return Map.of(
        "gantry.artifacts.bucket", BUCKET,
        "gantry.artifacts.endpoint", endpoint(),
        "gantry.artifacts.access-key", ACCESS_KEY,
        "gantry.artifacts.secret-key", SECRET_KEY,
        "gantry.artifacts.prefix", UUID.randomUUID() + "/");
  }
}
