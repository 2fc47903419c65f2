package dev.gantry.artifacts;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is configured, once it has been checked. Pure code.
 *
 * @param endpoint null for AWS
 * @param keys null where the AWS SDK looks for credentials itself
 * @param prefix of all keys; may be empty
 */
record StoreSettings(
    String bucket, URI endpoint, String region, Keys keys, boolean pathStyle, String prefix) {
  private static final String BUCKET = "GANTRY_ARTIFACTS_BUCKET";
  private static final String ENDPOINT = "GANTRY_ARTIFACTS_ENDPOINT";
  private static final String ACCESS_KEY = "GANTRY_ARTIFACTS_ACCESS_KEY";
  private static final String SECRET_KEY = "GANTRY_ARTIFACTS_SECRET_KEY";
  private static final String PREFIX = "GANTRY_ARTIFACTS_PREFIX";

  /** Never printed: a record would show the secret. */
  record Keys(String access, String secret) {
    @Override
    public String toString() {
      return access;
    }
  }

  /**
   * Empty when there is no bucket.
   *
   * @throws IllegalStateException that says which setting is wrong, and what to do
   */
  static Optional<StoreSettings> of(ObjectStoreConfig config) {
    if (config.bucket().isEmpty()) {
      refuseWithoutBucket(config);
      return Optional.empty();
    }
    return Optional.of(
        new StoreSettings(
            bucket(config.bucket().get()),
            config.endpoint().map(StoreSettings::endpoint).orElse(null),
            config.region().strip(),
            keys(config),
            config.pathStyle().orElse(config.endpoint().isPresent()),
            prefix(config.prefix().orElse(""))));
  }

  /** Whoever sets one of these wants a store, and would look for it in vain. */
  private static void refuseWithoutBucket(ObjectStoreConfig config) {
    Map<String, Optional<?>> others = new LinkedHashMap<>();
    others.put(ENDPOINT, config.endpoint());
    others.put(ACCESS_KEY, config.accessKey());
    others.put(SECRET_KEY, config.secretKey());
    others.put("GANTRY_ARTIFACTS_PATH_STYLE", config.pathStyle());
    others.put(PREFIX, config.prefix());
    others.forEach(
        (name, value) ->
            require(
                value.isEmpty(), name + " is set and " + BUCKET + " is not: set both, or neither"));
  }

  private static String bucket(String bucket) {
    boolean name = bucket.startsWith("arn:") || bucket.indexOf('/') < 0;
    require(
        name && bucket.strip().equals(bucket),
        BUCKET
            + " is '"
            + bucket
            + "': it must be the bucket's name alone; the keys' beginning goes into "
            + PREFIX);
    return bucket;
  }

  private static URI endpoint(URI endpoint) {
    boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    boolean plain = endpoint.getRawQuery() == null && endpoint.getRawUserInfo() == null;
    require(
        web && plain && endpoint.getHost() != null,
        ENDPOINT
            + " must be the store's address alone, as https://minio.example.com:9000; keys go into "
            + ACCESS_KEY
            + " and "
            + SECRET_KEY);
    return endpoint;
  }

  private static Keys keys(ObjectStoreConfig config) {
    boolean access = config.accessKey().isPresent();
    require(
        access == config.secretKey().isPresent(),
        (access ? ACCESS_KEY : SECRET_KEY)
            + " is set and "
            + (access ? SECRET_KEY : ACCESS_KEY)
            + " is not: set both, or neither to let the AWS SDK look for credentials");
    return access ? new Keys(config.accessKey().get(), config.secretKey().get()) : null;
  }

  /** With a slash in front, a part of the path would be empty, which some stores fold. */
  private static String prefix(String prefix) {
    require(
        !prefix.startsWith("/"),
        PREFIX + " is '" + prefix + "': it must not begin with a slash, as in gantry/");
    return prefix;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
