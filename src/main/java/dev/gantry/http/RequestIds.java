package dev.gantry.http;

import dev.gantry.platform.Ids;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Gives every request an id, on every route of the server: the caller's {@code X-Request-Id} when
 * it is well-formed, else a new one. It is in the answer, in the error envelope and in the one log
 * line of a request that failed.
 */
@ApplicationScoped
class RequestIds {
  static final String HEADER = "X-Request-Id";
  private static final String KEY = "gantry.request-id";
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Logger LOG = Logger.getLogger("dev.gantry.http.requests");
  private static final int BEFORE_ALL = Integer.MIN_VALUE + 1;

  void register(@Observes Router router) {
    router.route().order(BEFORE_ALL).handler(this::handle);
  }

  static String of(RoutingContext context) {
    String id = context.get(KEY);
    return id == null ? "req-unknown" : id;
  }

  private void handle(RoutingContext context) {
    String given = context.request().getHeader(HEADER);
    String id = given != null && WELL_FORMED.matcher(given).matches() ? given : "req-" + Ids.next();
    context.put(KEY, id);
    context.response().putHeader(HEADER, id);
    long started = System.nanoTime();
    context.addEndHandler(ended -> log(context, id, System.nanoTime() - started));
    context.next();
  }

  private static void log(RoutingContext context, String id, long nanos) {
    int status = context.response().getStatusCode();
    if (status >= 400) {
      HttpServerRequest request = context.request();
      LOG.logf(
          status >= 500 ? Logger.Level.WARN : Logger.Level.INFO,
          "%s %s %d in %d ms request_id=%s",
          request.method(),
          plain(request.path()),
          status,
          nanos / 1_000_000,
          id);
    }
  }

  /** A path cannot forge a log line. */
  private static String plain(String path) {
    return path == null ? "" : path.replaceAll("\\p{Cntrl}", "?");
  }
}
