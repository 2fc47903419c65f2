package dev.gantry.runner.kubernetes.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * One reading of a log, as the kubelet does it: from the newest file on, the pieces of a long line
 * joined behind the time of the first one; it follows until the container has ended. A follower
 * that falls behind by more than a file loses what was between. Blocks, so it has a thread.
 */
final class LogStream implements Runnable {
  private static final Logger LOG = Logger.getLogger(LogStream.class);
  private static final int CHUNK = 32 << 10;

  private final ContainerLog log;
  private final LogOptions options;
  private final HttpServerResponse response;
  private final Runnable close;
  private final Deque<byte[]> tail = new ArrayDeque<>();
  private final ByteArrayOutputStream entry = new ByteArrayOutputStream();
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private boolean tailing;
  private boolean atLineStart = true;
  private long left;

  LogStream(ContainerLog log, LogOptions options, HttpServerResponse response, Runnable close) {
    this.log = log;
    this.options = options;
    this.response = response;
    this.close = close;
    this.tailing = options.tail() >= 0;
    this.left = options.limit() < 0 ? Long.MAX_VALUE : options.limit();
    response.closeHandler(gone -> log.wake());
  }

  @Override
  public void run() {
    try {
      copy();
      if (log.isCut()) {
        close.run();
      } else {
        Streams.end(response, "");
      }
    } catch (IOException | ExecutionException e) {
      LOG.debugf(e, "a log is not read to its end");
      close.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy() throws IOException, InterruptedException, ExecutionException {
    int number = log.newest();
    while (number >= 0) {
      try {
        number = copy(number);
      } catch (NoSuchFileException e) {
        LOG.debugf(e, "rotated away before it was opened");
        number = log.newest();
      }
    }
  }

  /** Answers the file to go on with, or -1 at the end. */
  private int copy(int number) throws IOException, InterruptedException, ExecutionException {
    long position = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(log.file(number)))) {
      while (left > 0 && !response.closed() && !log.isCut()) {
        // in this order: what is read after the end was seen is all there is
        boolean last = log.hasEnded() || !options.follow();
        int newest = log.newest();
        position += entries(in);
        if (last || newest == number) {
          untail();
          flush();
        }
        if (newest > number) {
          return newest;
        }
        if (last) {
          return -1;
        }
        log.awaitMore(number, position, response::closed);
      }
    }
    flush();
    return -1;
  }

  /** Reads up to the end of the file as it is; answers how many bytes that were. */
  private long entries(InputStream in)
      throws IOException, InterruptedException, ExecutionException {
    long read = 0;
    for (int b = in.read(); b >= 0 && left > 0; b = in.read()) {
      read++;
      entry.write(b);
      if (b == '\n') {
        entry(entry.toByteArray());
        entry.reset();
      }
    }
    return read;
  }

  private void entry(byte[] entry) throws InterruptedException, ExecutionException {
    // time, stream, tag: "2026-01-02T03:04:05.123456789Z stdout F "
    int end = 30;
    String time = new String(entry, 0, end, StandardCharsets.US_ASCII);
    int content = indexOf(entry, end + 1) + 3;
    if (!options.since().equals(Instant.MIN) && Instant.parse(time).isBefore(options.since())) {
      return;
    }
    boolean goesOn = entry[content - 2] == 'P';
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (options.timestamps() && atLineStart) {
      text.writeBytes((time + " ").getBytes(StandardCharsets.US_ASCII));
    }
    text.write(entry, content, entry.length - content - (goesOn ? 1 : 0));
    atLineStart = !goesOn;
    if (tailing) {
      tail.add(text.toByteArray());
      if (tail.size() > options.tail()) {
        tail.remove();
      }
    } else {
      write(text.toByteArray());
    }
  }

  private void untail() throws InterruptedException, ExecutionException {
    tailing = false;
    while (!tail.isEmpty()) {
      write(tail.remove());
    }
  }

  private void write(byte[] text) throws InterruptedException, ExecutionException {
    int length = (int) Math.min(text.length, left);
    chunk.write(text, 0, length);
    left -= length;
    if (chunk.size() >= CHUNK) {
      flush();
    }
  }

  /** Waits for the client to take it. */
  private void flush() throws InterruptedException, ExecutionException {
    if (chunk.size() > 0) {
      response
          .write(Buffer.buffer(chunk.toByteArray()))
          .toCompletionStage()
          .toCompletableFuture()
          .get();
      chunk.reset();
    }
  }

  private static int indexOf(byte[] entry, int from) {
    int at = from;
    while (entry[at] != ' ') {
      at++;
    }
    return at;
  }
}
