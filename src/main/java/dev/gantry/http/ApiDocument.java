package dev.gantry.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * {@code /api/v1/openapi}: the API's OpenAPI document, as YAML, or as JSON for {@code ?format=json}
 * and for who accepts JSON alone; {@code /api/v1/docs} is its page for people. Neither needs a key.
 * The document is a file, which the tests hold against the code: to read it from the code is work
 * that a start does not wait for. Read when it is asked for, on a worker.
 */
@ApplicationScoped
class ApiDocument {
  static final String DOCUMENT = "/api/v1/openapi";
  static final String PAGE = "/api/v1/docs";
  private static final String FILE = "/schemas/openapi.json";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  void register(@Observes Router router) {
    router.get(DOCUMENT).handler(ApiDocument::answer);
    router.getWithRegex(PAGE).handler(context -> context.redirect(PAGE + "/"));
  }

  private static void answer(RoutingContext context) {
    boolean json = wantsJson(context.request().getParam("format"), context);
    context.response().putHeader("Content-Type", (json ? JSON : YAML) + ";charset=UTF-8");
    Future<Buffer> read =
        context.vertx().executeBlocking(() -> Buffer.buffer(json ? read() : yaml()), false);
    read.onSuccess(context::end).onFailure(context::fail);
  }

  private static boolean wantsJson(String format, RoutingContext context) {
    return format == null
        ? JSON.equals(context.request().getHeader("Accept"))
        : format.equalsIgnoreCase("json");
  }

  private static byte[] read() {
    try (InputStream in = ApiDocument.class.getResourceAsStream(FILE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] yaml() throws IOException {
    return new YAMLMapper().writeValueAsBytes(new ObjectMapper().readTree(read()));
  }
}
