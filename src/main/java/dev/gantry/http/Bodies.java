package dev.gantry.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads a request's body before its resource does. Event loop, never blocks. */
@ApplicationScoped
class Bodies {
  private static final String BODY = Bodies.class.getName();
  private static final int TOO_LARGE = 413;
  private static final int AFTER_LIMITS = Integer.MIN_VALUE + 3;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private final long limit;
  private final ErrorAnswers errors;

  Bodies(
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit,
      ErrorAnswers errors) {
    this.limit = limit.asLongValue();
    this.errors = errors;
  }

  void register(@Observes Router router) {
    router.route().order(AFTER_LIMITS).handler(this::refuseTooLarge);
  }

  /** What says that it is too large is not read at all; the framework would say nothing of why. */
  private void refuseTooLarge(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && LENGTH.matcher(length).matches() && Long.parseLong(length) > limit) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      errors.answer(context, ErrorMapping.web(TOO_LARGE));
    } else {
      context.next();
    }
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
