package dev.gantry.platform;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxOptionsCustomizer;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.VertxOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lets those who have to wait for other servers begin as soon as the settings are there, long
 * before the framework says that the process starts: it builds the model of the entities meanwhile.
 */
@ApplicationScoped
public class EarlyStart implements VertxOptionsCustomizer {
  private final Event<Begun> begun;
  private final boolean embedded;
  private boolean told;

  EarlyStart(
      Event<Begun> begun,
      @ConfigProperty(name = "gantry.embedded", defaultValue = "false") boolean embedded) {
    this.begun = begun;
    this.embedded = embedded;
  }

  /**
   * The settings and the worker threads are there, and nothing else that the framework makes. Told
   * once, on the starting thread; what blocks is for {@link #beside}.
   */
  public record Begun() {}

  /** The first that the framework calls when the settings are there. */
  @Override
  public void accept(VertxOptions options) {
    // A launched application does not know yet whether its servers are there.
    if (!embedded) {
      tell();
    }
  }

  void start(@Observes @Priority(StartOrder.BEGUN) StartupEvent event) {
    if (!told) {
      tell();
    }
  }

  private void tell() {
    told = true;
    begun.fire(new Begun());
  }

  /** Goes on on a worker thread, which may block. */
  public static CompletableFuture<Void> beside(Runnable work) {
    return CompletableFuture.runAsync(work, Infrastructure.getDefaultWorkerPool());
  }

  /** Blocks the starting thread, and ends the start with what was wrong. */
  public static void await(CompletableFuture<Void> work) {
    try {
      work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException wrong ? wrong : e;
    }
  }
}
