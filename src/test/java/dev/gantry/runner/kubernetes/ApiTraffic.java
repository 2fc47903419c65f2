package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a client has asked of an API server, and what that warned of. For any thread. */
public final class ApiTraffic implements Interceptor {
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  /**
   * @param path with its query
   */
  public record Call(String method, String path, int code) {
    boolean isWrite() {
      return !method.equals("GET");
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    String path = request.uri().getPath();
    String query = request.uri().getRawQuery();
    calls.add(
        new Call(request.method(), query == null ? path : path + "?" + query, response.code()));
    response.headers("Warning").forEach(warning -> warnings.add(path + ": " + warning));
  }

  public List<Call> writes() {
    return calls.stream().filter(Call::isWrite).toList();
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
