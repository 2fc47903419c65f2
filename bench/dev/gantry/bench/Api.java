package dev.gantry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Calls one Gantry's API over HTTP/1.1. Requests are made once and may be sent as often as wanted.
 * Safe from several threads; whatever does not answer a future blocks.
 */
final class Api {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final String url;
  private final String key;

  Api(String url, String key) {
    this.url = url;
    this.key = key;
  }

  HttpRequest post(String path, JsonNode body) throws IOException {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
        .build();
  }

  HttpRequest put(String path, JsonNode body) throws IOException {
    return request(path)
        .header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
        .build();
  }

  HttpRequest get(String path) {
    return request(path).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
        .timeout(LONGEST)
        .header("Authorization", "Bearer " + key);
  }

  /** The answer's body; any status but {@code expected} is a wrong result. */
  byte[] send(HttpRequest request, int expected) throws IOException, InterruptedException {
    return body(client.send(request, BodyHandlers.ofByteArray()), expected);
  }

  CompletableFuture<byte[]> sendAsync(HttpRequest request, int expected) {
    return client
        .sendAsync(request, BodyHandlers.ofByteArray())
        .thenApply(response -> body(response, expected));
  }

  private static byte[] body(HttpResponse<byte[]> response, int expected) {
    WrongResultException.require(
        response.statusCode() == expected,
        response.uri() + " answers " + response.statusCode() + " instead of " + expected,
        new String(response.body(), StandardCharsets.UTF_8));
    return response.body();
  }

  /** The log of a workflow's execution as server-sent events, as they come. */
  InputStream followLog(String executionId) throws IOException, InterruptedException {
    HttpRequest request =
        request("/workflows/executions/" + executionId + "/logs/stream")
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    WrongResultException.require(
        response.statusCode() == OK, "no log stream of " + executionId, response.statusCode());
    return response.body();
  }
}
