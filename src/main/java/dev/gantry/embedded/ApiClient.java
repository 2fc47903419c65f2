package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Calls Gantry's API with a key. Blocks. */
final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;
  private final String key;

  ApiClient(String url, String key) {
    this.url = url;
    this.key = key;
  }

  /** An answer, whatever its status. */
  record Answer(int status, JsonNode body) {}

  Answer post(String path, JsonNode body) throws IOException {
    return answer(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build());
  }

  Answer get(String path) throws IOException {
    return answer(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
        .header("Authorization", "Bearer " + key);
  }

  private Answer answer(HttpRequest request) throws IOException {
    HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
    try {
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new IOException(url + " does not answer like Gantry", e);
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      throw new IOException("cannot reach " + url + ": " + e.getMessage(), e);
    }
  }

  /** Takes the frames of a stream; answers false to stop. */
  interface FrameReader {
    boolean frame(String id, String event, JsonNode data) throws IOException;
  }

  /**
   * Reads server-sent events from behind {@code lastId} (null = from the start) until told to stop.
   */
  void stream(String path, String lastId, FrameReader reader) throws IOException {
    HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<InputStream> response = send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != HttpURLConnection.HTTP_OK) {
      response.body().close();
      throw new IOException(url + " answers " + response.statusCode() + " for " + path);
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String id = null;
      String event = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")
            && !reader.frame(id, event, JSON.readTree(line.substring(6)))) {
          return;
        }
      }
    }
  }
}
