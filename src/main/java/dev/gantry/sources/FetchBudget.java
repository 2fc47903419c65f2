package dev.gantry.sources;

import dev.gantry.http.ApiException;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ProgressMonitor;

/**
 * What one fetch may still cost. When it is spent, or the fetch is cancelled, the fetch ends at
 * once, wherever it stands: connections are closed and its thread is interrupted. {@link #cancel}
 * never blocks and may be called from any thread; all else belongs to the thread that fetches.
 */
final class FetchBudget {
  /** What a server may say before it sends objects, all of which is kept in memory. */
  private static final long MAX_TALK = 16 << 20;

  private final SourceConfig config;
  private final List<Closeable> connections = new ArrayList<>();
  private Thread worker;
  private Future<?> clock;
  private ApiException why;
  private long allowed;

  FetchBudget(SourceConfig config) {
    this.config = config;
    this.allowed = Math.min(MAX_TALK, config.maxBytes());
  }

  /** Starts the clock; the calling thread is the one that is interrupted. */
  synchronized void start() {
    check();
    worker = Thread.currentThread();
    clock =
        Infrastructure.getDefaultWorkerPool()
            .schedule(this::expire, config.timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The fetch is over: from here on nothing of it can be ended any more. */
  void stop() {
    synchronized (this) {
      worker = null;
      if (clock != null) {
        clock.cancel(false);
      }
    }
    closeConnections();
    Thread.interrupted(); // It was for the fetch, and must not reach what the thread does next.
  }

  /** Ends the fetch on behalf of a caller who no longer waits for it. */
  void cancel() {
    Infrastructure.getDefaultWorkerPool()
        .execute(() -> end(SourceAddress.invalid("was no longer waited for")));
  }

  private void expire() {
    end(
        SourceAddress.invalid(
                "takes longer than %d ms to fetch (gantry.sources.timeout)"
                    .formatted(config.timeout().toMillis()))
            .passing());
  }

  /** Ends the fetch for a reason that its caller is told; the first one counts. */
  ApiException end(ApiException reason) {
    synchronized (this) {
      if (why != null) {
        return why;
      }
      why = reason;
      if (worker != null) {
        worker.interrupt();
      }
    }
    closeConnections();
    return reason;
  }

  /** Why the fetch was ended; null when it was not. */
  synchronized ApiException why() {
    return why;
  }

  /** Throws when the fetch has been ended. */
  synchronized void check() {
    if (why != null) {
      throw why;
    }
  }

  /** Has a connection closed at the end of the fetch, whatever that is. */
  void closing(Closeable connection) {
    synchronized (this) {
      connections.add(connection);
    }
    if (why() != null) {
      closeConnections();
    }
  }

  private void closeConnections() {
    List<Closeable> open;
    synchronized (this) {
      open = List.copyOf(connections);
      connections.clear();
    }
    for (Closeable connection : open) {
      try {
        connection.close();
      } catch (IOException e) {
        // It is closed to end it, and it has ended.
      }
    }
  }

  /** From here on come objects, which are kept on disk. */
  synchronized void objectsBegin() {
    allowed = config.maxBytes();
  }

  /** From here on files are read. */
  synchronized void readingBegins() {
    allowed = config.maxBytes();
  }

  /** Takes from what may be received or read; ends the fetch when it is spent. */
  synchronized void spend(long bytes) {
    check();
    allowed -= bytes;
    if (allowed < 0) {
      throw end(
          SourceAddress.invalid(
              "is larger than this server takes: %d bytes (gantry.sources.max-bytes), of which %d for the names of branches and tags"
                  .formatted(config.maxBytes(), Math.min(MAX_TALK, config.maxBytes()))));
    }
  }

  /** Counts what is read, and fails when it is too much or the fetch has ended. */
  InputStream counted(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int read = super.read();
        return (int) count(read, read < 0 ? 0 : 1);
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        return (int) count(read, Math.max(0, read));
      }

      @Override
      public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        return count(skipped, skipped);
      }
    };
  }

  private long count(long answer, long bytes) throws IOException {
    try {
      spend(bytes);
      return answer;
    } catch (ApiException e) {
      throw new IOException("the fetch has ended", e);
    }
  }

  ProgressMonitor monitor() {
    return new EmptyProgressMonitor() {
      @Override
      public boolean isCancelled() {
        return why() != null;
      }
    };
  }
}
