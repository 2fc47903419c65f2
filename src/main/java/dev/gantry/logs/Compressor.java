package dev.gantry.logs;

import com.github.luben.zstd.Zstd;
import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The native code that packs logs: without it an engine would wait with every line for ever, so
 * that it better does not start. It is unpacked first, which goes on beside the rest of the start.
 */
@ApplicationScoped
class Compressor {
  private CompletableFuture<Void> loaded = CompletableFuture.completedFuture(null);

  void load(
      @Observes @Priority(StartOrder.FIRST) StartupEvent event,
      @ConfigProperty(name = "gantry.role.engine") boolean needed) {
    if (needed) {
      loaded =
          CompletableFuture.runAsync(
              () -> Zstd.compress(new byte[1]), Infrastructure.getDefaultWorkerPool());
    }
  }

  void require(@Observes @Priority(StartOrder.LAST) StartupEvent event) {
    try {
      loaded.join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "zstd's native code cannot be loaded; "
              + System.getProperty("java.io.tmpdir")
              + " must allow execution",
          e.getCause());
    }
  }
}
