package dev.gantry.artifacts;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** The S3-compatible store that artifacts lie in. */
@ConfigMapping(prefix = "gantry.artifacts")
interface ObjectStoreConfig {
  /** Without it there is no store. */
  Optional<String> bucket();

  /** Of MinIO, Ceph and others; AWS when not set. */
  Optional<URI> endpoint();

  @WithDefault("us-east-1")
  String region();

  /** Without it and the secret key, the AWS SDK looks for credentials. */
  Optional<String> accessKey();

  Optional<String> secretKey();

  /** Whether the bucket stands in the path and not in the host; so by default with an endpoint. */
  Optional<Boolean> pathStyle();

  /** What all keys in the bucket begin with. */
  Optional<String> prefix();
}
