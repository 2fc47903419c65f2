package dev.gantry.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The OpenAPI document as tests use it: its operations, and whether an exchange is as it says. */
final class Contract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "/api/v1/";
  private static final List<String> NOT_OF_THE_API = List.of("openapi", "docs");
  private static final Set<String> WITHOUT_BODY = Set.of("HEAD", "OPTIONS");

  /** What the server answers where the document has no operation. */
  private static final Set<Integer> NOTHING_HERE =
      Set.of(400, 401, 403, 404, 405, 406, 414, 429, 431, 503);

  private static Contract served;

  private final JsonNode document;
  private final Validation validation;
  private final List<ApiOperation> operations = new ArrayList<>();

  private Contract(JsonNode document) {
    this.document = document;
    this.validation = new Validation(document);
    for (var path : document.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        operations.add(
            new ApiOperation(
                operation.getKey().toUpperCase(Locale.ROOT),
                path.getKey(),
                operation.getValue(),
                document));
      }
    }
    // /tools/execute before /tools/{uuid}
    operations.sort(Comparator.comparing(o -> o.path().replace('{', '\uffff')));
  }

  static boolean covers(URI uri) {
    String path = uri.getRawPath();
    return path.startsWith(BASE)
        && !NOT_OF_THE_API.contains(path.substring(BASE.length()).split("/", -1)[0]);
  }

  /** The document of the server at this address; it is the same for all that the suite starts. */
  static synchronized Contract of(URI server) {
    if (served == null) {
      served = new Contract(fetch(server.resolve(BASE + "openapi?format=json")));
    }
    return served;
  }

  private static JsonNode fetch(URI address) {
    try {
      HttpRequest request = HttpRequest.newBuilder(address).build();
      return JSON.readTree(
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  JsonNode document() {
    return document;
  }

  List<ApiOperation> operations() {
    return operations;
  }

  Validation validation() {
    return validation;
  }

  /** Fails when the exchange is not as the document says. */
  void check(Exchange exchange) {
    if (WITHOUT_BODY.contains(exchange.method())) {
      return;
    }
    List<String> faults = faults(exchange);
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "not as the OpenAPI document says:\n  " + String.join("\n  ", faults) + "\n" + exchange);
    }
  }

  private List<String> faults(Exchange exchange) {
    Optional<ApiOperation> operation =
        operations.stream()
            .filter(o -> o.matches(exchange.method(), exchange.uri().getRawPath()))
            .findFirst();
    List<String> faults = new ArrayList<>();
    if (operation.isPresent()) {
      faults.addAll(answerFaults(operation.get(), exchange));
      if (exchange.succeeded()) {
        faults.addAll(requestFaults(operation.get(), exchange));
      }
      faults.replaceAll(fault -> operation.get() + ": " + fault);
    } else if (!NOTHING_HERE.contains(exchange.status())) {
      faults.add("the document has no such operation, but the answer is " + exchange.status());
    } else {
      boolean problem = "application/problem+json".equals(exchange.mediaType());
      faults.addAll(
          validation.of(
              "/components/schemas/" + (problem ? "Problem" : "Error"), tree(exchange.body())));
    }
    return faults;
  }

  private List<String> answerFaults(ApiOperation operation, Exchange exchange) {
    JsonNode response = operation.response(exchange.status());
    if (response.isMissingNode()) {
      return List.of("status " + exchange.status() + " is not documented");
    }
    List<String> faults = new ArrayList<>(Headers.faults(response, exchange, validation, document));
    String type = exchange.mediaType();
    JsonNode content = response.path("content").path(String.valueOf(type));
    if (content.isMissingNode() && !(type == null && response.path("content").isEmpty())) {
      faults.add("media type " + type + " of status " + exchange.status() + " is not documented");
    } else if (type != null && type.endsWith("json") && exchange.body() != null) {
      faults.addAll(validation.answer(content.path("schema"), tree(exchange.body())));
    }
    return faults;
  }

  private List<String> requestFaults(ApiOperation operation, Exchange exchange) {
    List<String> faults = new ArrayList<>();
    JsonNode schema = operation.requestSchema();
    boolean mayBeLeftOut = !operation.node().at("/requestBody/required").asBoolean();
    boolean leftOut = exchange.sent() == null || (exchange.sent().isEmpty() && mayBeLeftOut);
    if (!schema.isMissingNode() && !leftOut) {
      validation
          .request(schema, tree(exchange.sent().getBytes(UTF_8)))
          .forEach(fault -> faults.add("took a request body that is not as documented: " + fault));
    }
    for (var parameter : exchange.query()) {
      operation
          .parameter("query", parameter.getKey())
          .filter(known -> !parameter.getValue().isEmpty())
          .ifPresent(
              known ->
                  validation
                      .text(known.path("schema"), parameter.getValue())
                      .forEach(
                          fault ->
                              faults.add("took the parameter " + parameter + ", which " + fault)));
    }
    return faults;
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
