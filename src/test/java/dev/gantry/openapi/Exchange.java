package dev.gantry.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request and its answer.
 *
 * @param sent the request's body; null when it is none of JSON
 * @param headers of the answer; a name that comes twice has its first value
 * @param body null when it was not read
 */
record Exchange(
    String method, URI uri, String sent, int status, Map<String, String> headers, byte[] body) {

  static Exchange of(FilterableRequestSpecification request, URI uri, Response answer) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    answer.headers().forEach(header -> headers.putIfAbsent(header.getName(), header.getValue()));
    return new Exchange(
        request.getMethod(),
        uri,
        request.getBody() instanceof String text ? text : null,
        answer.statusCode(),
        headers,
        answer.asByteArray());
  }

  static Exchange of(String method, URI uri, String sent, HttpResponse<byte[]> answer) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    answer.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
    return new Exchange(method, uri, sent, answer.statusCode(), headers, answer.body());
  }

  boolean succeeded() {
    return status >= 200 && status < 300;
  }

  /** Without parameters such as the charset; null when there is none. */
  String mediaType() {
    String type = headers.get("Content-Type");
    return type == null ? null : type.split(";", 2)[0].trim();
  }

  /** The query's parameters in their order, as name and value. */
  List<Map.Entry<String, String>> query() {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    String query = uri.getRawQuery();
    for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      all.add(Map.entry(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1])));
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  @Override
  public String toString() {
    String text = body == null ? "" : new String(body, UTF_8);
    return "%s %s -> %d %s %s\nsent: %s"
        .formatted(method, uri, status, mediaType(), shortened(text), shortened(sent));
  }

  private static String shortened(String text) {
    return text == null || text.length() <= 1_000 ? text : text.substring(0, 1_000) + "…";
  }
}
