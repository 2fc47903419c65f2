package dev.gantry.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads a request's body before its resource does. Event loop, never blocks. */
@ApplicationScoped
class Bodies {
  private static final String BODY = Bodies.class.getName();
  private static final int TOO_LARGE = 413;
  private final long limit;

  Bodies(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.limit = limit.asLongValue();
  }

  /** The whole body, as often as asked; fails with 413 as soon as it is larger than is taken. */
  Uni<byte[]> read(RoutingContext context) {
    byte[] known = context.get(BODY);
    return known == null
        ? read(context.request()).invoke(body -> context.put(BODY, body))
        : Uni.createFrom().item(known);
  }

  private Uni<byte[]> read(HttpServerRequest request) {
    if (request.isEnded()) {
      return Uni.createFrom().item(new byte[0]);
    }
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Buffer body = Buffer.buffer();
              request.exceptionHandler(emitter::fail);
              request.endHandler(ended -> emitter.complete(body.getBytes()));
              request.handler(
                  chunk -> {
                    if (body.length() + chunk.length() > limit) {
                      emitter.fail(ErrorMapping.web(TOO_LARGE));
                    } else {
                      body.appendBuffer(chunk);
                    }
                  });
              request.resume();
            });
  }
}
