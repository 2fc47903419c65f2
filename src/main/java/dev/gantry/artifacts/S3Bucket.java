package dev.gantry.artifacts;

import dev.gantry.artifacts.ObjectStore.Upload;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import mutiny.zero.flow.adapters.AdaptersToFlow;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * A bucket through the AWS SDK. Begin calls on a worker: the SDK may look for credentials before it
 * returns. Answers come on its own threads, which must not be held; failures are the SDK's.
 */
final class S3Bucket implements AutoCloseable {
  private static final Duration VALID = Duration.ofHours(1);
  private static final int BATCH = 1000;
  private static final int SHA256_BYTES = 32;

  /** Of a short question, with all its tries; a content may take any time. */
  private static final AwsRequestOverrideConfiguration SOON =
      AwsRequestOverrideConfiguration.builder().apiCallTimeout(Duration.ofSeconds(30)).build();

  private final String bucket;
  private final String prefix;
  private final S3Clients clients;

  S3Bucket(StoreSettings settings) {
    bucket = settings.bucket();
    prefix = settings.prefix();
    clients = new S3Clients(settings);
  }

  Upload upload(String key, long size, String sha256Hex) {
    if (size < 0 || size > ObjectStore.LARGEST) {
      throw new IllegalArgumentException("an upload cannot have " + size + " bytes");
    }
    PutObjectRequest put =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(prefix + key)
            .contentLength(size)
            .checksumSHA256(base64(sha256Hex))
            .build();
    PresignedPutObjectRequest signed =
        presigner().presignPutObject(p -> p.signatureDuration(VALID).putObjectRequest(put));
    return new Upload(URI.create(signed.url().toString()), toSend(signed));
  }

  /** Without what clients send of themselves, and many let nobody set. */
  private static Map<String, String> toSend(PresignedPutObjectRequest signed) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.signedHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
    headers.remove("host");
    headers.remove("content-length");
    return headers;
  }

  private static String base64(String sha256Hex) {
    byte[] hash = HexFormat.of().parseHex(sha256Hex);
    if (hash.length != SHA256_BYTES) {
      throw new IllegalArgumentException("not a SHA-256 in hex: " + sha256Hex);
    }
    return Base64.getEncoder().encodeToString(hash);
  }

  URI download(String key) {
    GetObjectRequest get = GetObjectRequest.builder().bucket(bucket).key(prefix + key).build();
    return URI.create(
        presigner()
            .presignGetObject(p -> p.signatureDuration(VALID).getObjectRequest(get))
            .url()
            .toString());
  }

  Uni<OptionalLong> size(String key) {
    HeadObjectRequest head =
        HeadObjectRequest.builder()
            .bucket(bucket)
            .key(prefix + key)
            .overrideConfiguration(SOON)
            .build();
    return Uni.createFrom()
        .completionStage(() -> client().headObject(head))
        .map(HeadObjectResponse::contentLength)
        .map(OptionalLong::of)
        .onFailure(NoSuchKeyException.class)
        .recoverWithItem(OptionalLong.empty());
  }

  Multi<byte[]> content(String key) {
    GetObjectRequest get = GetObjectRequest.builder().bucket(bucket).key(prefix + key).build();
    return Uni.createFrom()
        .completionStage(() -> client().getObject(get, AsyncResponseTransformer.toPublisher()))
        .onItem()
        .transformToMulti(AdaptersToFlow::publisher)
        .map(S3Bucket::bytes)
        .onFailure(NoSuchKeyException.class)
        .transform(gone -> new ObjectGoneException(key, gone));
  }

  private static byte[] bytes(ByteBuffer chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    return bytes;
  }

  /** A batch after the other, each whether or not keys of the one before failed. */
  Uni<Void> delete(List<String> keys) {
    return Multi.createFrom()
        .iterable(keys)
        .group()
        .intoLists()
        .of(BATCH)
        .onItem()
        .transformToUniAndConcatenate(this::deleteBatch)
        .collect()
        .in(ArrayList<S3Error>::new, List::addAll)
        .invoke(this::refuse)
        .replaceWithVoid();
  }

  private Uni<List<S3Error>> deleteBatch(List<String> keys) {
    List<ObjectIdentifier> objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(prefix + key).build()).toList();
    DeleteObjectsRequest delete =
        DeleteObjectsRequest.builder()
            .bucket(bucket)
            .delete(d -> d.objects(objects).quiet(true))
            .overrideConfiguration(SOON)
            .build();
    return Uni.createFrom()
        .completionStage(() -> client().deleteObjects(delete))
        .map(DeleteObjectsResponse::errors);
  }

  private void refuse(List<S3Error> errors) {
    if (!errors.isEmpty()) {
      S3Error first = errors.get(0);
      throw new ObjectStoreException(
          "the object store did not delete %d of the objects, the first being '%s': %s, %s"
              .formatted(errors.size(), first.key(), first.code(), first.message()));
    }
  }

  private S3AsyncClient client() {
    return clients.client();
  }

  private S3Presigner presigner() {
    return clients.presigner();
  }

  @Override
  public void close() {
    clients.close();
  }
}
