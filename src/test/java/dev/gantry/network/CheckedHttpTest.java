package dev.gantry.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** B2: whoever is connected to has been judged, whatever a name leads to the next time. */
class CheckedHttpTest {
  private final Vertx vertx = Vertx.vertx();
  private final CheckedHttp http = new CheckedHttp(vertx, "test-names", new HttpClientOptions());
  private final AtomicInteger lookUps = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void serve() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .response()
                        .setStatusCode(302)
                        .putHeader("location", "http://127.0.0.1:1/")
                        .end(request.getHeader("host")))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void stop() {
    http.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** The n-th look-up, from 0, answers the n-th list, and the last one from then on. */
  private AddressPolicy resolving(List<List<String>> addresses) {
    return AddressPolicy.of(
        List.of("127.0.0.1", "127.0.0.2"),
        host -> {
          int look = Math.min(lookUps.getAndIncrement(), addresses.size() - 1);
          List<String> found = addresses.get(look);
          InetAddress[] all = new InetAddress[found.size()];
          for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(found.get(i));
          }
          return all;
        });
  }

  private CompletableFuture<HttpClientResponse> get(AddressPolicy network) {
    return http.request(
            network,
            new RequestOptions().setHost("models.test").setPort(server.actualPort()).setURI("/"))
        .compose(request -> request.send())
        .toCompletionStage()
        .toCompletableFuture();
  }

  @Test
  void eachRequestLooksUpOnceAndIsJudged() {
    AddressPolicy rebinding = resolving(List.of(List.of("127.0.0.1"), List.of("10.0.0.8")));

    assertThat(get(rebinding).join().statusCode()).as("and no redirect is followed").isEqualTo(302);
    assertThatThrownBy(() -> get(rebinding).join())
        .hasCauseInstanceOf(RefusedAddressException.class)
        .hasMessageContaining("10.0.0.8");
    assertThat(lookUps).hasValue(2);
  }

  @Test
  void triesTheNextAddress() {
    assertThat(get(resolving(List.of(List.of("127.0.0.2", "127.0.0.1")))).join().statusCode())
        .isEqualTo(302);
  }

  @Test
  void tellsTheAddressThatTakesNoConnection() {
    assertThatThrownBy(() -> get(resolving(List.of(List.of("127.0.0.2")))).join())
        .cause()
        .isInstanceOfSatisfying(
            UnreachableException.class,
            failure ->
                assertThat(failure.address().getAddress().getHostAddress()).isEqualTo("127.0.0.2"));
  }

  @Test
  void whatTheOperatorNamesIsExempt() {
    AddressPolicy network =
        AddressPolicy.of(List.of(), host -> InetAddress.getAllByName("127.0.0.1"));

    assertThatThrownBy(() -> get(network.exempting("other.test")).join())
        .hasCauseInstanceOf(RefusedAddressException.class);
    assertThat(get(network.exempting("Models.test.")).join().statusCode()).isEqualTo(302);
  }
}
