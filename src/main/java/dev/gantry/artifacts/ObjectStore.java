package dev.gantry.artifacts;

import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The objects of an S3-compatible store, by keys without the configured prefix. Any thread, never
 * blocks; answers on the caller's Vert.x context, or on a worker where there is none.
 *
 * <p>Settings are checked at the start. The client is made by the first call, and on a worker,
 * since that takes a while and the SDK may look for credentials on the network; without a bucket
 * nothing of the SDK is loaded. All fail with {@link ObjectStoreException}, or {@link
 * IllegalArgumentException} where the caller is to blame.
 */
@Startup
@ApplicationScoped
class ObjectStore {
  /** The most that one upload can hold: S3's own limit. */
  static final long LARGEST = 5L << 30;

  /** Chunks of a content that wait for a slow caller: few, so that it takes little memory. */
  private static final int CHUNKS_AHEAD = 4;

  private final Optional<StoreSettings> settings;
  private S3Bucket bucket;

  ObjectStore(ObjectStoreConfig config) {
    settings = StoreSettings.of(config);
  }

  /**
   * Where to send content to, with PUT. The address is a credential, and no matter for logs.
   *
   * @param headers that have to be sent as they stand here; beside them {@code Content-Length},
   *     which clients send of themselves
   */
  record Upload(URI url, Map<String, String> headers) {}

  /** Whether a bucket is configured; without one everything else fails. */
  boolean isThere() {
    return settings.isPresent();
  }

  /**
   * For an hour, lets whoever has it store this content and no other: length and hash are signed,
   * and the store refuses what differs. Asks nobody.
   *
   * @param sha256Hex 64 digits
   */
  Uni<Upload> uploadUrl(String key, long size, String sha256Hex) {
    return ask(s3 -> Uni.createFrom().item(() -> s3.upload(key, size, sha256Hex)));
  }

  /** For an hour, lets whoever has it read the object, if there is one. Asks nobody. */
  Uni<URI> downloadUrl(String key) {
    return ask(s3 -> Uni.createFrom().item(() -> s3.download(key)));
  }

  /** Empty when there is no such object; nor when there is no bucket, which HEAD does not tell. */
  Uni<OptionalLong> size(String key) {
    return ask(s3 -> s3.size(key));
  }

  /**
   * The whole object in order, in chunks of some KiB that are read as they are asked for. Fails
   * with {@link ObjectGoneException} when there is none; to cancel it closes the connection.
   * Whoever asks for nothing during half a minute may find it closed, too.
   */
  Multi<byte[]> content(String key) {
    Executor back = back();
    return opened()
        .onItem()
        .transformToMulti(s3 -> s3.content(key))
        .onFailure()
        .transform(StoreFailures::told)
        .emitOn(back, CHUNKS_AHEAD);
  }

  /**
   * However many; what is not there counts as deleted. When some cannot be deleted, the others are,
   * and it fails naming the first of them.
   */
  Uni<Void> delete(List<String> keys) {
    return keys.isEmpty() ? Uni.createFrom().voidItem() : ask(s3 -> s3.delete(keys));
  }

  private <T> Uni<T> ask(Function<S3Bucket, Uni<? extends T>> question) {
    Executor back = back();
    return opened().chain(question).onFailure().transform(StoreFailures::told).emitOn(back);
  }

  /** What follows begins on a worker. */
  private Uni<S3Bucket> opened() {
    return Uni.createFrom()
        .item(this::open)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private synchronized S3Bucket open() {
    if (bucket == null) {
      bucket =
          new S3Bucket(
              settings.orElseThrow(
                  () ->
                      new ObjectStoreException(
                          "there is no object store: GANTRY_ARTIFACTS_BUCKET is not set")));
    }
    return bucket;
  }

  private static Executor back() {
    Context caller = Vertx.currentContext();
    return caller == null ? Infrastructure.getDefaultWorkerPool() : MutinyHelper.executor(caller);
  }

  @PreDestroy
  synchronized void close() {
    if (bucket != null) {
      bucket.close();
    }
  }
}
