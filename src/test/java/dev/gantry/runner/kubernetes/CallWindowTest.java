package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallWindowTest {
  private final AtomicLong now = new AtomicLong();
  private final CallWindow window = new CallWindow(16, now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void refused() {
    assertThatThrownBy(
            () ->
                window.call(
                    () -> {
                      throw new KubernetesClientException("too many", 429, null);
                    }))
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void isHalfAsWideAfterARefusalAndWidensByOneInASecond() {
    pass(Duration.ofMillis(1));
    refused();
    assertThat(window.width()).isEqualTo(8);
    pass(Duration.ofMillis(500));
    window.call(() -> "soon");
    assertThat(window.width()).isEqualTo(8);
    pass(Duration.ofMillis(600));
    window.call(() -> "later");
    assertThat(window.width()).isEqualTo(9);
  }

  @Test
  void isNeverShut() {
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofMillis(1));
      refused();
    }
    assertThat(window.width()).isEqualTo(1);
  }

  @Test
  void anotherFailureLeavesItAsItIs() {
    assertThatThrownBy(
            () ->
                window.call(
                    () -> {
                      throw new KubernetesClientException("broken", 500, null);
                    }))
        .hasMessage("broken");
    assertThat(window.width()).isEqualTo(16);
  }

  @Test
  void letsNoMoreInThanItIsWide() throws Exception {
    CallWindow two = new CallWindow(2);
    AtomicInteger in = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch gate = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    CompletableFuture<?>[] all = new CompletableFuture<?>[6];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          CompletableFuture.runAsync(
              () ->
                  two.call(
                      () -> {
                        most.accumulateAndGet(in.incrementAndGet(), Math::max);
                        awaitUninterrupted(gate);
                        return in.decrementAndGet();
                      }),
              threads);
    }
    gate.countDown();
    CompletableFuture.allOf(all).get();
    threads.shutdown();

    assertThat(most.get()).isLessThanOrEqualTo(2);
  }

  private static void awaitUninterrupted(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
