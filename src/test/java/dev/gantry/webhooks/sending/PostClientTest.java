package dev.gantry.webhooks.sending;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.network.AddressPolicy;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One post, to servers that do whatever they like. */
class PostClientTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger lookUps = new AtomicInteger();
  private ServerSocket server;

  /** Writes as it likes, to whatever it is sent. */
  private interface Behaviour {
    void answer(Socket socket) throws IOException, InterruptedException;
  }

  @AfterEach
  void stop() throws IOException {
    vertx.close();
    if (server != null) {
      server.close();
    }
  }

  private void serve(Behaviour behaviour) throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().read(new byte[10_000]);
                  behaviour.answer(socket);
                } catch (IOException | InterruptedException hungUp) {
                  // The next one may stay.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private Answer post(AddressPolicy network, String host) {
    URI url = URI.create("http://" + host + ":" + server.getLocalPort() + "/a?b=c");
    return new PostClient(vertx, network)
        .send(
            new Post(url, Map.of("content-type", "application/json"), "{}".getBytes(UTF_8)),
            TIMEOUT)
        .await()
        .atMost(Duration.ofSeconds(20));
  }

  private AddressPolicy loopback(AddressPolicy.Resolver resolver) {
    return AddressPolicy.of(
        List.of("127.0.0.1"),
        host -> {
          lookUps.incrementAndGet();
          return resolver.resolve(host);
        });
  }

  private Answer post() {
    return post(loopback(host -> new InetAddress[] {address("127.0.0.1")}), "receiver.test");
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @Test
  void readsNoMoreOfAnAnswerThanItKeeps() throws IOException {
    serve(
        socket -> {
          write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int i = 0; i < 100_000; i++) {
            write(socket, "3e8\r\n" + "x".repeat(1000) + "\r\n");
          }
        });

    Answer answer = post();

    assertThat(answer.isTaken()).isTrue();
    assertThat(answer.body()).hasSize(4096);
    assertThat(answer.took()).isLessThan(TIMEOUT);
  }

  @Test
  void nothingTakesLongerThanItsTime() throws IOException {
    serve(
        socket -> {
          write(socket, "HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 100; i++) {
            Thread.sleep(100); // as slow receivers are
            write(socket, "X-" + i + ": y\r\n");
          }
        });

    Answer answer = post();

    assertThat(answer.status()).isNull();
    assertThat(answer.error()).isEqualTo("no answer within 1s");
    assertThat(answer.took()).isLessThan(TIMEOUT.multipliedBy(3));
  }

  @Test
  void anAnswerCountsAlsoWhenItDoesNotEnd() throws IOException {
    serve(
        socket -> {
          write(socket, "HTTP/1.1 202 OK\r\nContent-Length: 100\r\n\r\nbegun\0");
          Thread.sleep(5_000); // longer than anybody waits
        });

    Answer answer = post();

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.isTaken()).isTrue();
    assertThat(answer.body()).isEqualTo("begun\ufffd");
  }

  @Test
  void whatIsNoHttpIsNoAnswer() throws IOException {
    serve(socket -> write(socket, "SSH-2.0-OpenSSH_9.2\r\n\r\n"));

    assertThat(post().status()).isNull();
    assertThat(post().error()).startsWith("no answer: ");
  }

  @Test
  void aHangUpIsNoAnswer() throws IOException {
    serve(socket -> {});

    assertThat(post().error()).startsWith("no answer: ");
    assertThat(post().speaksAgainstTheHost()).isTrue();
  }

  /** B2: a name that leads elsewhere the next time is looked up once for each post, and judged. */
  @Test
  void connectsToTheAddressThatWasChecked() throws IOException {
    serve(socket -> write(socket, "HTTP/1.1 204 No Content\r\n\r\n"));
    AddressPolicy rebinding =
        loopback(
            host -> new InetAddress[] {address(lookUps.get() % 2 == 1 ? "127.0.0.1" : "10.0.0.8")});

    Answer first = post(rebinding, "rebinding.test");
    Answer second = post(rebinding, "rebinding.test");

    assertThat(first.status()).isEqualTo(204);
    assertThat(first.address()).isEqualTo("127.0.0.1:" + server.getLocalPort());
    assertThat(second.status()).isNull();
    assertThat(second.error()).contains("10.0.0.8", "gantry.network.allow");
    assertThat(lookUps).hasValue(2);
  }

  @Test
  void oneBadAddressAmongGoodOnesRefusesTheName() throws IOException {
    serve(socket -> write(socket, "HTTP/1.1 204 No Content\r\n\r\n"));

    Answer answer =
        post(
            loopback(host -> new InetAddress[] {address("127.0.0.1"), address("169.254.169.254")}),
            "mixed.test");

    assertThat(answer.error()).contains("169.254.169.254");
  }

  @Test
  void aNameThatIsNotKnownSaysSo() throws IOException {
    serve(socket -> {});

    Answer answer =
        post(
            loopback(
                host -> {
                  throw new UnknownHostException(host);
                }),
            "nobody.test");

    assertThat(answer.error()).isEqualTo("host 'nobody.test' is not known");
  }

  @Test
  void asksOnTheHostThatWasNamed() throws IOException {
    StringBuilder asked = new StringBuilder();
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                byte[] bytes = new byte[10_000];
                int length = socket.getInputStream().read(bytes);
                asked.append(new String(bytes, 0, length, UTF_8));
                write(socket, "HTTP/1.1 204 No Content\r\n\r\n");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();

    assertThat(post().status()).isEqualTo(204);

    assertThat(asked.toString())
        .startsWith("POST /a?b=c HTTP/1.1\r\n")
        .containsIgnoringCase("host: receiver.test:" + server.getLocalPort() + "\r\n")
        .containsIgnoringCase("content-type: application/json\r\n");
  }
}
