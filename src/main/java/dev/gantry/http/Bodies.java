package dev.gantry.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Reads a request's body before its resource does. What says that it is too large is not read at
 * all, and the connection of what is too large is closed. Event loop, never blocks.
 */
@ApplicationScoped
public class Bodies {
  private static final String BODY = Bodies.class.getName();
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

  /** The framework would refuse it too, but say nothing of why. */
  private void refuseTooLarge(RoutingContext context) {
    if (announced(context.request()) > limit) {
      close(context);
      errors.answer(context, tooLarge(limit));
    } else {
      context.next();
    }
  }

  /** The whole body, as often as asked; fails with 413 as soon as it is larger than is taken. */
  Uni<byte[]> read(RoutingContext context) {
    return read(context, limit);
  }

  /**
   * The same, for a route that takes less than others.
   *
   * @param most in bytes
   */
  public Uni<byte[]> read(RoutingContext context, long most) {
    byte[] known = context.get(BODY);
    return known == null
        ? read(context.request(), most)
            .onFailure(ApiException.class)
            .invoke(() -> close(context))
            .invoke(body -> context.put(BODY, body))
        : Uni.createFrom().item(known);
  }

  private static Uni<byte[]> read(HttpServerRequest request, long most) {
    if (announced(request) > most) {
      return Uni.createFrom().failure(tooLarge(most));
    }
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
                    if (body.length() + chunk.length() > most) {
                      request.pause();
                      emitter.fail(tooLarge(most));
                    } else {
                      body.appendBuffer(chunk);
                    }
                  });
              request.resume();
            });
  }

  /** 0 when the request does not say; what is no length is left to the framework. */
  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && LENGTH.matcher(length).matches() ? Long.parseLong(length) : 0;
  }

  /** Once it is answered; a stream of HTTP/2 shares its connection, and is not read on. */
  private static void close(RoutingContext context) {
    if (context.request().version() != HttpVersion.HTTP_2) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      context.addEndHandler(ended -> context.request().connection().close());
    }
  }

  private static ApiException tooLarge(long most) {
    return new ApiException(
        ErrorCode.VALIDATION_ERROR,
        413,
        "The request body is larger than the " + most + " bytes that are taken",
        Map.of("field", "body", "limit", most));
  }
}
