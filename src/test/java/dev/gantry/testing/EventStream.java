package dev.gantry.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of server-sent events that reads as it is asked to, as a browser would. Blocks. */
public final class EventStream implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final InputStream body;
  private final BufferedReader lines;

  /** One frame; comments are passed over. */
  public record Frame(String id, String event, JsonNode data) {
    public String message() {
      return data.path("message").asText();
    }

    public boolean isEnd() {
      return "end".equals(event);
    }
  }

  private EventStream(InputStream body) {
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /**
   * Opens the stream behind {@code lastId}; null = from the start.
   *
   * @throws IOException also when the answer is no stream
   */
  public static EventStream open(String url, String key, String lastId) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "text/event-stream");
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    try {
      HttpResponse<InputStream> answer =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new IOException("the stream is answered with " + answer.statusCode());
      }
      return new EventStream(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The next frame, as soon as it is there; null when the server has closed the stream. */
  public Frame next() throws IOException {
    String id = null;
    String event = null;
    JsonNode data = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = JSON.readTree(line.substring(6));
      } else if (line.isEmpty() && data != null) {
        return new Frame(id, event, data);
      }
    }
    return null;
  }

  /** The next {@code count} frames. */
  public List<Frame> next(int count) throws IOException {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(next());
    }
    return frames;
  }

  /** All frames up to and with the end. */
  public List<Frame> rest() throws IOException {
    List<Frame> frames = new ArrayList<>();
    for (Frame frame = next(); frame != null; frame = next()) {
      frames.add(frame);
    }
    return frames;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
