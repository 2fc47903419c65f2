package dev.gantry.models;

import dev.gantry.models.ConfiguredModel.Patience;
import dev.gantry.models.Frames.Frame;
import dev.gantry.network.AddressPolicy;
import dev.gantry.network.CheckedHttp;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * One post whose answer is a stream of frames. All of it happens on one event loop, but for {@link
 * #cancel}, which any thread may call.
 */
final class StreamedPost {
  private static final Logger LOG = Logger.getLogger(StreamedPost.class);
  private static final int LONGEST_ERROR = 8 << 10;
  private static final long LONGEST_ANSWER = 16 << 20;
  private static final long NONE = -1;

  /** Hears of what comes, and then of exactly one end. */
  interface Reader {
    void begun();

    void frame(Frame frame);

    void ended();

    void failed(ModelFailure failure);
  }

  /** What is posted, and where to. */
  record Post(URI url, Map<String, String> headers, String body) {
    /** Without headers and body, which hold the key and what was said. */
    @Override
    public String toString() {
      return "Post[" + url.getHost() + "]";
    }
  }

  private final Vertx vertx;
  private final CheckedHttp http;
  private final Patience patience;
  private final Failures failures;
  private final Reader reader;
  private final Frames frames;
  private final Buffer error = Buffer.buffer();
  private final Context context;
  private long wholeTimer = NONE;
  private long pauseTimer = NONE;
  private long received;
  private boolean over;
  private HttpClientRequest request;
  private HttpClientResponse response;

  StreamedPost(
      Vertx vertx,
      CheckedHttp http,
      Frames.Form form,
      Patience patience,
      Failures failures,
      Reader reader) {
    this.vertx = vertx;
    this.http = http;
    this.patience = patience;
    this.failures = failures;
    this.reader = reader;
    frames = new Frames(form, this::pass, () -> fail(failures.broken("a line is too long")));
    context = vertx.getOrCreateContext();
  }

  void begin(AddressPolicy network, Post post) {
    context.runOnContext(v -> connect(network, post));
  }

  /** The provider is cut off, and nothing more is told. */
  void cancel() {
    context.runOnContext(
        v -> {
          if (stop() && request != null) {
            request.reset();
          }
        });
  }

  private void connect(AddressPolicy network, Post post) {
    if (over) {
      return;
    }
    wholeTimer = timer(patience.whole(), "did not end its answer");
    pauseTimer = timer(patience.firstByte(), "did not begin its answer");
    http.request(network, options(post))
        .onSuccess(connected -> send(connected, post))
        .onFailure(failure -> unreachable(post, failure));
  }

  private RequestOptions options(Post post) {
    URI url = post.url();
    boolean secure = url.getScheme().equals("https");
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(url.getHost().replaceAll("^\\[|]$", ""))
            .setPort(url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80)
            .setSsl(secure)
            .setConnectTimeout(patience.firstByte().toMillis())
            .setURI(
                url.getRawQuery() == null
                    ? url.getRawPath()
                    : url.getRawPath() + "?" + url.getRawQuery());
    post.headers().forEach(options::putHeader);
    return options;
  }

  private void send(HttpClientRequest connected, Post post) {
    if (over) {
      connected.reset();
      return;
    }
    request = connected;
    connected
        .send(Buffer.buffer(post.body()))
        .onSuccess(this::read)
        .onFailure(failure -> unreachable(post, failure));
  }

  /** Where the server is stands in the log alone: who asks need not know. */
  private void unreachable(Post post, Throwable failure) {
    if (!over) {
      LOG.warnf("no answer from the model server %s: %s", post.url().getHost(), failure);
      fail(failures.unreachable(failure));
    }
  }

  private void read(HttpClientResponse answer) {
    if (over) {
      return;
    }
    response = answer;
    boolean good = answer.statusCode() / 100 == 2;
    if (good) {
      reader.begun();
    }
    answer.handler(good ? this::takeFrames : this::takeError);
    answer.exceptionHandler(
        failure -> fail(good ? failures.broken("the connection was lost") : refusal()));
    answer.endHandler(v -> end(good));
  }

  private void takeFrames(Buffer more) {
    if (over) {
      return;
    }
    vertx.cancelTimer(pauseTimer);
    pauseTimer = timer(patience.idle(), "paused amid its answer and did not go on");
    received += more.length();
    if (received > LONGEST_ANSWER) {
      fail(failures.broken("it is too long"));
    } else {
      frames.take(more);
    }
  }

  private void takeError(Buffer more) {
    error.appendBuffer(more, 0, Math.min(more.length(), LONGEST_ERROR - error.length()));
    if (error.length() == LONGEST_ERROR) {
      fail(refusal());
    }
  }

  private ModelFailure refusal() {
    return failures.status(
        response.statusCode(),
        response.getHeader("retry-after"),
        error.toString(StandardCharsets.UTF_8));
  }

  private void pass(Frame frame) {
    if (!over) {
      reader.frame(frame);
    }
  }

  private long timer(Duration limit, String what) {
    return vertx.setTimer(Math.max(1, limit.toMillis()), t -> fail(failures.late(what, limit)));
  }

  private void end(boolean good) {
    if (!good) {
      fail(refusal());
    } else if (stop()) {
      reader.ended();
    }
  }

  /** Nothing more is wanted of it. */
  void fail(ModelFailure failure) {
    if (stop()) {
      if (request != null) {
        request.reset();
      }
      reader.failed(failure);
    }
  }

  private boolean stop() {
    if (over) {
      return false;
    }
    over = true;
    vertx.cancelTimer(wholeTimer);
    vertx.cancelTimer(pauseTimer);
    return true;
  }
}
