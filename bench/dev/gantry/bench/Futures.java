package dev.gantry.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for several at once. */
final class Futures {
  private Futures() {}

  /** What they came to, in their order; fails as the first that failed. Blocks. */
  static <T> List<T> awaitAll(List<? extends Future<T>> futures)
      throws IOException, InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof WrongResultException wrong) {
          throw wrong;
        }
        throw new IOException(e.getCause().toString(), e);
      }
    }
    return results;
  }
}
