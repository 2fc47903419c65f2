package dev.gantry.openapi;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes the first bytes of a stream that does not end, and hangs up. */
final class FirstBytes implements HttpResponse.BodySubscriber<byte[]> {
  private final CompletableFuture<byte[]> first = new CompletableFuture<>();
  private Flow.Subscription subscription;

  /** Other answers are read whole. */
  static HttpResponse.BodyHandler<byte[]> ofStreams() {
    return answer ->
        answer
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.startsWith("text/event-stream"))
            .<HttpResponse.BodySubscriber<byte[]>>map(type -> new FirstBytes())
            .orElseGet(HttpResponse.BodySubscribers::ofByteArray);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return first;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    ByteBuffer buffer = buffers.get(0);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    first.complete(bytes);
    subscription.cancel();
  }

  @Override
  public void onError(Throwable failure) {
    first.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    first.complete(new byte[0]);
  }
}
