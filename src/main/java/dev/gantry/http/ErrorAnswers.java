package dev.gantry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Writes every failure as the error envelope, or as RFC 9457 when the caller accepts {@code
 * application/problem+json}: those of the resources, and those that Vert.x finds before or beside
 * them.
 */
@ApplicationScoped
public class ErrorAnswers {
  /** A detail of failures that pass by themselves; becomes the header {@code Retry-After}. */
  static final String RETRY_AFTER_SECONDS = "retry_after_seconds";

  private static final String PROBLEM = "application/problem+json";
  private static final Logger LOG = Logger.getLogger(ErrorAnswers.class);

  private final ObjectMapper json;

  ErrorAnswers(ObjectMapper json) {
    this.json = json;
  }

  void register(@Observes Router router) {
    for (int status : new int[] {400, 401, 403, 404, 405, 406, 413, 414, 415, 431, 500, 503}) {
      router.errorHandler(status, this::answer);
    }
  }

  @ServerExceptionMapper
  Response api(ApiException failure, RoutingContext context) {
    return response(failure, context, Map.of());
  }

  @ServerExceptionMapper
  Response web(WebApplicationException failure, RoutingContext context) {
    Map<String, String> headers = new LinkedHashMap<>();
    String allow = failure.getResponse().getHeaderString(HttpHeaders.ALLOW);
    if (allow != null) {
      headers.put(HttpHeaders.ALLOW, allow);
    }
    return response(ErrorMapping.toApi(failure), context, headers);
  }

  @ServerExceptionMapper
  Response json(MismatchedInputException failure, RoutingContext context) {
    return response(ErrorMapping.toApi(failure), context, Map.of());
  }

  @ServerExceptionMapper
  Response any(Throwable failure, RoutingContext context) {
    ApiException known = ErrorMapping.toApi(failure);
    if (known.status() >= 500) {
      LOG.errorf(failure, "request failed request_id=%s", RequestIds.of(context));
    }
    return response(known, context, Map.of());
  }

  private Response response(
      ApiException failure, RoutingContext context, Map<String, String> headers) {
    Response.ResponseBuilder answer =
        Response.status(failure.status())
            .type(problem(context) ? PROBLEM : MediaType.APPLICATION_JSON)
            .entity(body(failure, context));
    headers(failure).forEach(answer::header);
    headers.forEach(answer::header);
    return answer.build();
  }

  private static Map<String, String> headers(ApiException failure) {
    Object seconds = failure.details().get(RETRY_AFTER_SECONDS);
    if (seconds != null) {
      return Map.of(HttpHeaders.RETRY_AFTER, seconds.toString());
    }
    return switch (failure.status()) {
      case 401 -> Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      case 503 -> Map.of(HttpHeaders.RETRY_AFTER, "5");
      default -> Map.of();
    };
  }

  private void answer(RoutingContext context) {
    if (context.response().ended() || context.response().headWritten()) {
      return;
    }
    answer(context, ErrorMapping.web(context.statusCode()));
  }

  /** Answers a request that no resource has seen. */
  void answer(RoutingContext context, ApiException failure) {
    headers(failure).forEach((name, value) -> context.response().putHeader(name, value));
    context
        .response()
        .setStatusCode(failure.status())
        .putHeader("Content-Type", problem(context) ? PROBLEM : MediaType.APPLICATION_JSON)
        .end(body(failure, context));
  }

  private static boolean problem(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    return accept != null && accept.contains(PROBLEM);
  }

  private String body(ApiException failure, RoutingContext context) {
    String requestId = RequestIds.of(context);
    try {
      return json.writeValueAsString(
          problem(context) ? problem(failure, requestId) : ErrorEnvelope.of(failure, requestId));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an error envelope cannot be written", e);
    }
  }

  private static Map<String, Object> problem(ApiException failure, String requestId) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", failure.code());
    problem.put("status", failure.status());
    problem.put("detail", failure.getMessage());
    problem.put("details", failure.details());
    problem.put("request_id", requestId);
    return problem;
  }
}
