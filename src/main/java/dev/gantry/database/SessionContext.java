package dev.gantry.database;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Sessions outside of requests. Any thread, never blocks. */
public final class SessionContext {
  private SessionContext() {}

  /** Has the work done on a context of its own: a session needs one, and no request has made it. */
  public static <T> Uni<T> within(Vertx vertx, Supplier<Uni<? extends T>> work) {
    Context session = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    VertxContextSafetyToggle.setContextSafe(session, true);
    return Uni.createFrom()
        .<T>deferred(work)
        .runSubscriptionOn(task -> session.runOnContext(ignored -> task.run()));
  }
}
