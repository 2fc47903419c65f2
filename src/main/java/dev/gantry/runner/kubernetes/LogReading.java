package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A container's log as one request for it brings it: the answer is waited for by the first read.
 * Knows for how long it has waited, for an answer as for more. One thread reads and blocks; any may
 * close it, also before there is an answer.
 */
final class LogReading extends InputStream {
  private static final int LONGEST_REFUSAL = 4096;

  private final CompletableFuture<HttpResponse<InputStream>> asked;
  private final boolean follows;
  private volatile boolean waits;
  private volatile long since;

  /**
   * @param follows its end is that of the container; else it has what there was
   */
  LogReading(CompletableFuture<HttpResponse<InputStream>> asked, boolean follows) {
    this.asked = asked;
    this.follows = follows;
  }

  boolean follows() {
    return follows;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  /**
   * @throws KubernetesClientException when the API server refuses
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    since = System.nanoTime();
    waits = true;
    try {
      return body().read(buffer, offset, length);
    } finally {
      waits = false;
    }
  }

  private InputStream body() throws IOException {
    try {
      HttpResponse<InputStream> answer = asked.get();
      if (answer.isSuccessful()) {
        return answer.body();
      }
      String text = new String(answer.body().readNBytes(LONGEST_REFUSAL), StandardCharsets.UTF_8);
      throw new KubernetesClientException(text.strip(), answer.code(), null);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("nobody waits for the log any more");
    }
  }

  /** Whether nothing has come for this long to somebody who waits for it. */
  boolean isQuiet(Duration limit) {
    return waits && System.nanoTime() - since > limit.toNanos();
  }

  @Override
  public void close() throws IOException {
    if (!asked.cancel(false) && !asked.isCompletedExceptionally()) {
      asked.join().body().close();
    }
  }
}
