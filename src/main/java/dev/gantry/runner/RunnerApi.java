package dev.gantry.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.protocol.ProtocolJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The API's routes for runners, and the token of one that opens them. Any thread. */
final class RunnerApi {
  private final Optional<URI> url;
  private final Optional<String> token;
  private final Config all;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /**
   * @param url the API of this process when it is empty
   * @param all has the port of this process, once it listens
   */
  RunnerApi(Optional<URI> url, Optional<String> token, Config all) {
    this.url = url;
    this.token = token;
    this.all = all;
  }

  HttpClient client() {
    return client;
  }

  /** Without a token nothing can be asked. */
  boolean hasToken() {
    return token.isPresent();
  }

  /** What to say then. */
  static String needsToken(String what) {
    return "this runner has no token to ask for " + what + " with: set GANTRY_RUNNER_TOKEN";
  }

  /**
   * A request about an attempt.
   *
   * @param route what follows the attempt in the path, with its query
   */
  HttpRequest.Builder request(AttemptKey key, String route) {
    return request(
        "/executions/"
            + key.executionId()
            + "/steps/"
            + key.step()
            + "/attempts/"
            + key.attempt()
            + route);
  }

  /**
   * @param route what follows {@code /runner} in the path, with its query
   */
  HttpRequest.Builder request(String route) {
    return HttpRequest.newBuilder(URI.create(root() + "/api/v1/runner" + route))
        .header("Authorization", "Bearer " + token.orElseThrow());
  }

  /** Looked up for each request: a process of its own knows its port only once it listens. */
  String root() {
    String base =
        url.map(URI::toString)
            .orElseGet(
                () -> "http://127.0.0.1:" + all.getValue("quarkus.http.port", Integer.class));
    return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /** Whether the same request may succeed later. */
  static boolean mayPass(int status) {
    return status == 429 || status >= 500;
  }

  /** What the error envelope says. */
  static String message(int status, byte[] body) {
    try {
      JsonNode error = ProtocolJson.read(body, JsonNode.class).path("error");
      return error.path("message").asText("HTTP " + status);
    } catch (IOException notJson) {
      return "HTTP " + status;
    }
  }
}
