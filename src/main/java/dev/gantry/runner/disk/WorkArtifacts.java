package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.platform.Sha256;
import dev.gantry.runner.ArtifactRefusedException;
import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.ArtifactTransfer.Wanted;
import dev.gantry.runner.AttemptKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends what attempts keep of their work directories, and puts there what steps before have kept.
 * Has threads of its own, since a transfer may take long. Does not complete once it is closed.
 */
final class WorkArtifacts implements AutoCloseable {
  private static final int THREADS = 4;

  private final ArtifactTransfer transfer;
  private final ExecutorService threads;

  WorkArtifacts(ArtifactTransfer transfer) {
    this.transfer = transfer;
    AtomicInteger count = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread =
                  new Thread(task, "gantry-runner-artifacts-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /**
   * @param patterns each a path or a pattern of paths; what matches none is a failure
   */
  CompletionStage<Void> keep(AttemptKey key, Path work, List<String> patterns) {
    return run(
        () -> {
          for (Map.Entry<String, Path> file : KeptFiles.in(work, patterns).entrySet()) {
            transfer.keep(key, file.getKey(), file.getValue());
          }
        });
  }

  /** What is there already, and the same, is left alone; what differs is replaced. */
  CompletionStage<Void> restore(AttemptKey key, Path work) {
    return run(
        () -> {
          for (Wanted wanted : transfer.wanted(key)) {
            Path target = KeptFiles.inside(work, wanted.path());
            if (!isThere(target, wanted)) {
              restore(key, wanted, work, target);
            }
          }
        });
  }

  private static boolean isThere(Path target, Wanted wanted) throws IOException {
    return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
        && Files.size(target) == wanted.size()
        && HexFormat.of().formatHex(Sha256.of(target)).equals(wanted.sha256());
  }

  /** Steps that run side by side see the whole file or none. */
  private void restore(AttemptKey key, Wanted wanted, Path work, Path target)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(target.getParent());
    if (!folder.toRealPath().startsWith(work.toRealPath())) {
      throw new ArtifactRefusedException(
          Outcome.FAILED, "a link leads out of the work directory: " + wanted.path());
    }
    Path written = Files.createTempFile(folder, ".gantry-", "");
    try {
      transfer.fetch(key, wanted, written);
      boolean set = written.toFile().setExecutable(wanted.executable(), false);
      if (!set) {
        throw new IOException(target + " cannot be made executable");
      }
      Files.move(
          written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private CompletionStage<Void> run(Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            work.run();
            done.complete(null);
          } catch (IOException e) {
            fail(done, new ArtifactRefusedException(Outcome.INFRASTRUCTURE, e.toString()));
          } catch (RuntimeException | Error e) {
            fail(done, e);
          } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
          }
        });
    return done;
  }

  /** Nothing that goes wrong because of the closing is an end: the next process tries again. */
  private void fail(CompletableFuture<Void> done, Throwable failure) {
    if (!threads.isShutdown()) {
      done.completeExceptionally(failure);
    }
  }

  /** What goes on is begun again by the next process. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
