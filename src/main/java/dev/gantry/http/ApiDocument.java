package dev.gantry.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;

/**
 * {@code /api/v1/openapi}: the API's OpenAPI document, as YAML, or as JSON for {@code ?format=json}
 * and for who names JSON among what is accepted; {@code /api/v1/docs} is its page for people.
 * Neither needs a key. The document is a file, which the tests hold against the code: to read it
 * from the code is work that a start does not wait for. Files are read when they are asked for, on
 * a worker.
 */
@ApplicationScoped
class ApiDocument {
  static final String DOCUMENT = "/api/v1/openapi";
  static final String PAGE = "/api/v1/docs";
  private static final String FILE = "/schemas/openapi.json";
  private static final String SWAGGER_UI = "/META-INF/resources/openapi-ui/";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  void register(@Observes Router router) {
    route(router, DOCUMENT, ApiDocument::document);
    router.getWithRegex(PAGE).handler(context -> context.redirect(PAGE + "/"));
    file(router, "/", "/docs/openapi.html", "text/html");
    file(router, "/swagger-ui.css", SWAGGER_UI + "swagger-ui.css", "text/css");
    file(router, "/swagger-ui-bundle.js", SWAGGER_UI + "swagger-ui-bundle.js", "text/javascript");
  }

  private static void file(Router router, String path, String resource, String type) {
    route(router, PAGE + path, context -> answer(context, type, () -> read(resource)));
  }

  private static void document(RoutingContext context) {
    if (wantsJson(context.request())) {
      answer(context, JSON, () -> read(FILE));
    } else {
      answer(context, YAML, () -> new YAMLMapper().writeValueAsBytes(tree()));
    }
  }

  private static boolean wantsJson(HttpServerRequest request) {
    String format = request.getParam("format");
    String accepted = request.getHeader("Accept");
    return format == null
        ? accepted != null && accepted.contains(JSON)
        : format.equalsIgnoreCase("json");
  }

  private static Object tree() throws IOException {
    return new ObjectMapper().readTree(read(FILE));
  }

  private static void route(Router router, String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
  }

  private static void answer(RoutingContext context, String type, Callable<byte[]> content) {
    context
        .vertx()
        .executeBlocking(content, false)
        .onSuccess(
            bytes ->
                context
                    .response()
                    .putHeader("Content-Type", type + ";charset=UTF-8")
                    .end(Buffer.buffer(bytes)))
        .onFailure(context::fail);
  }

  private static byte[] read(String resource) {
    try (InputStream in = ApiDocument.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
