package dev.gantry.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gantry.artifacts.ObjectStore.Upload;
import dev.gantry.platform.Sha256;
import dev.gantry.testing.Servers;
import dev.gantry.testing.StoreServer;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real server that speaks S3. */
@Timeout(60)
class ObjectStoreTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static ObjectStore store;

  @BeforeAll
  static void open() {
    store = store(Map.of());
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void what_is_uploaded_comes_back_whole() throws Exception {
    byte[] content = content(7 * 1024 * 1024 + 13);
    assertThat(upload("whole", content).statusCode()).isEqualTo(200);
    assertThat(await(store.size("whole"))).isEqualTo(OptionalLong.of(content.length));
    assertThat(read(store, "whole")).isEqualTo(content);
    HttpResponse<byte[]> downloaded =
        HTTP.send(
            HttpRequest.newBuilder(await(store.downloadUrl("whole"))).build(),
            BodyHandlers.ofByteArray());
    assertThat(downloaded.body()).isEqualTo(content);
  }

  @Test
  void nothing_is_a_content_too() throws Exception {
    assertThat(upload("empty", new byte[0]).statusCode()).isEqualTo(200);
    assertThat(await(store.size("empty"))).isEqualTo(OptionalLong.of(0));
    assertThat(read(store, "empty")).isEmpty();
  }

  @Test
  void keys_may_hold_anything_and_begin_with_the_prefix() throws Exception {
    String key = "run 1/ä&b?c=d#e+f%20/out.txt";
    ObjectStore elsewhere = store(Map.of("gantry.artifacts.prefix", "other/"));
    assertThat(upload(key, content(10)).statusCode()).isEqualTo(200);
    assertThat(await(store.size(key))).isPresent();
    assertThat(await(elsewhere.size(key))).isEmpty();
    await(store.delete(List.of(key)));
    assertThat(await(store.size(key))).isEmpty();
    elsewhere.close();
  }

  @Test
  void the_store_refuses_other_content_of_the_same_length() throws Exception {
    byte[] promised = content(1000);
    byte[] other = promised.clone();
    other[500]++;
    HttpResponse<String> answer = put(uploadOf("other", promised), other);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(await(store.size("other"))).isEmpty();
  }

  @Test
  void the_store_refuses_another_length() throws Exception {
    byte[] promised = content(1000);
    HttpResponse<String> answer =
        put(uploadOf("longer", promised), Arrays.copyOf(promised, promised.length + 1));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(await(store.size("longer"))).isEmpty();
  }

  @Test
  void the_store_refuses_an_upload_without_the_promised_hash() throws Exception {
    byte[] promised = content(1000);
    Upload upload = uploadOf("unnamed", promised);
    assertThat(upload.headers()).containsOnlyKeys("x-amz-checksum-sha256");
    assertThat(put(new Upload(upload.url(), Map.of()), promised).statusCode()).isEqualTo(403);
  }

  @Test
  void what_is_no_content_gets_no_url() {
    String hash = "0".repeat(64);
    for (Uni<Upload> wrong :
        List.of(
            store.uploadUrl("k", -1, hash),
            store.uploadUrl("k", ObjectStore.LARGEST + 1, hash),
            store.uploadUrl("k", 1, "0".repeat(62)),
            store.uploadUrl("k", 1, "x".repeat(64)))) {
      assertThatIllegalArgumentException().isThrownBy(() -> await(wrong));
    }
  }

  @Test
  void what_is_not_there_has_no_size_and_fails_to_be_read() {
    assertThat(await(store.size("absent"))).isEmpty();
    assertThatExceptionOfType(ObjectGoneException.class)
        .isThrownBy(() -> read(store, "absent"))
        .withMessage("the object store does not have 'absent' any more, or never had it");
  }

  @Test
  void more_than_a_batch_is_deleted() throws Exception {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      keys.add("many/" + i);
    }
    for (String key : List.of("many/0", "many/1000", "many/2499", "many/kept")) {
      assertThat(upload(key, content(3)).statusCode()).isEqualTo(200);
    }
    await(store.delete(keys));
    await(store.delete(keys));
    await(store.delete(List.of()));
    assertThat(await(store.size("many/0"))).isEmpty();
    assertThat(await(store.size("many/1000"))).isEmpty();
    assertThat(await(store.size("many/2499"))).isEmpty();
    assertThat(await(store.size("many/kept"))).isPresent();
  }

  @Test
  void who_asks_for_one_chunk_gets_one() throws Exception {
    assertThat(upload("slow", content(1024 * 1024)).statusCode()).isEqualTo(200);
    AssertSubscriber<byte[]> reader =
        store.content("slow").subscribe().withSubscriber(AssertSubscriber.create(1));
    reader.awaitItems(1, LONG);
    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(reader.getItems()).hasSize(1);
    reader.request(Long.MAX_VALUE).awaitCompletion(LONG);
    assertThat(reader.getItems().stream().mapToInt(chunk -> chunk.length).sum())
        .isEqualTo(1024 * 1024);
  }

  @Test
  void a_slow_reader_holds_the_store_back_and_one_that_leaves_closes_the_connection()
      throws Exception {
    try (EndlessObject endless = new EndlessObject()) {
      ObjectStore slow = store(Map.of("gantry.artifacts.endpoint", endless.url()));
      AssertSubscriber<byte[]> reader =
          slow.content("endless").subscribe().withSubscriber(AssertSubscriber.create(1));
      reader.awaitItems(1, LONG);
      TimeUnit.SECONDS.sleep(1);
      assertThat(endless.sent()).isLessThan(64L << 20);
      reader.cancel();
      assertThat(endless.isLeft(LONG)).isTrue();
      slow.close();
    }
  }

  @Test
  void an_event_loop_is_answered_on_itself() throws Exception {
    assertThat(upload("loop", content(100_000)).statusCode()).isEqualTo(200);
    Vertx vertx = Vertx.vertx();
    try {
      Context loop = vertx.getOrCreateContext();
      CompletableFuture<List<Context>> seen = new CompletableFuture<>();
      loop.runOnContext(
          v ->
              store
                  .size("loop")
                  .map(size -> Vertx.currentContext())
                  .chain(
                      first ->
                          store
                              .content("loop")
                              .map(chunk -> Vertx.currentContext())
                              .collect()
                              .asList()
                              .invoke(all -> all.add(first)))
                  .subscribe()
                  .with(seen::complete, seen::completeExceptionally));
      assertThat(seen.get(20, TimeUnit.SECONDS)).hasSizeGreaterThan(1).containsOnly(loop);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void wrong_keys_are_told() {
    ObjectStore stranger = store(Map.of("gantry.artifacts.secret-key", "wrong"));
    String advice = "look at GANTRY_ARTIFACTS_ACCESS_KEY and GANTRY_ARTIFACTS_SECRET_KEY";
    assertRefused(stranger.size("k"), "answered 403: " + advice);
    assertRefused(stranger.content("k").collect().asList(), "403 SignatureDoesNotMatch");
    assertRefused(stranger.delete(List.of("k")), advice);
    stranger.close();
  }

  @Test
  void a_bucket_that_is_not_there_is_told() {
    ObjectStore lost = store(Map.of("gantry.artifacts.bucket", "nowhere"));
    assertRefused(
        lost.content("k").collect().asList(),
        "404 NoSuchBucket",
        "look at GANTRY_ARTIFACTS_BUCKET");
    assertRefused(
        lost.delete(List.of("k", "l")), "did not delete 2 of the objects", "NoSuchBucket");
    lost.close();
  }

  @Test
  void a_store_that_is_down_is_told() throws Exception {
    String nobody = "http://127.0.0.1:" + Servers.freePort();
    ObjectStore down = store(Map.of("gantry.artifacts.endpoint", nobody));
    assertRefused(down.size("k"), "the object store cannot be asked: ");
    down.close();
  }

  @Test
  void without_a_bucket_there_is_no_store() {
    ObjectStore none = new ObjectStore(StoreConfigs.of(Map.of()));
    assertThat(none.isThere()).isFalse();
    assertThat(store.isThere()).isTrue();
    assertRefused(none.size("k"), "GANTRY_ARTIFACTS_BUCKET is not set");
    none.close();
  }

  private static void assertRefused(Uni<?> question, String... told) {
    assertThatExceptionOfType(ObjectStoreException.class)
        .isThrownBy(() -> await(question))
        .satisfies(failure -> assertThat(failure.getMessage()).contains(told));
  }

  private static ObjectStore store(Map<String, String> changed) {
    Map<String, String> settings = new HashMap<>(StoreServer.get().settings());
    settings.putAll(changed);
    return new ObjectStore(StoreConfigs.of(settings));
  }

  private static Upload uploadOf(String key, byte[] content) {
    String hash = HexFormat.of().formatHex(Sha256.of(content));
    return await(store.uploadUrl(key, content.length, hash));
  }

  private static HttpResponse<String> upload(String key, byte[] content) throws Exception {
    return put(uploadOf(key, content), content);
  }

  private static HttpResponse<String> put(Upload upload, byte[] content) throws Exception {
    URI url = upload.url();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url).PUT(BodyPublishers.ofByteArray(content));
    upload.headers().forEach(request::header);
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static byte[] read(ObjectStore from, String key) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    await(from.content(key).invoke(all::writeBytes).collect().last());
    return all.toByteArray();
  }

  private static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }
}
