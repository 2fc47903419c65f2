package dev.gantry.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.http.ApiException;
import dev.gantry.models.ConfiguredModel.Patience;
import dev.gantry.models.Frames.Frame;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One call of one model, once. The client library writes the request and reads the deltas; between
 * the two, each frame is checked here, since the library passes over what it cannot read.
 */
final class Attempt implements StreamedPost.Reader, StreamingChatResponseHandler {
  private static final Logger LOG = Logger.getLogger(Attempt.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LAST = "[DONE]";

  private final ConfiguredModel model;
  private final Access access;
  private final ModelCall call;
  private final Consumer<String> told;
  private final Failures failures;
  private final Deltas deltas;
  private final StringBuilder text = new StringBuilder();
  private StreamedPost post;
  private ServerSentEventListener listener;
  private UniEmitter<? super ModelAnswer> answer;
  private volatile boolean over;

  Attempt(ConfiguredModel model, Access access, ModelCall call, Consumer<String> told) {
    this.model = model;
    this.access = access;
    this.call = call;
    this.told = told;
    failures = new Failures(model.name(), access);
    deltas = model.provider().deltas();
  }

  /** Asks once it is subscribed to, and cuts the provider off when that is cancelled. */
  Uni<ModelAnswer> begin(ModelServers servers, Patience patience) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              answer = emitter;
              post = servers.post(model.provider().form(), patience, failures, this);
              emitter.onTermination(this::abandon);
              ask();
            });
  }

  private void ask() {
    OneRequest http =
        new OneRequest(
            (request, reader) -> {
              listener = reader;
              post.begin(access.network(), request);
            });
    try {
      model
          .provider()
          .client(access, http)
          .chat(Conversation.request(model, access.baseUrl().getHost(), call), this);
    } catch (ApiException said) {
      fail(said);
    } catch (RuntimeException unspeakable) {
      fail(failures.unspeakable(unspeakable));
    }
  }

  private void abandon() {
    if (!over) {
      over = true;
      post.cancel();
    }
  }

  @Override
  public void begun() {
    listener.onOpen(SuccessfulHttpResponse.builder().statusCode(200).headers(Map.of()).build());
  }

  @Override
  public void frame(Frame frame) {
    if (frame.data().equals(LAST)) {
      return;
    }
    try {
      if (!(JSON.readTree(frame.data()) instanceof ObjectNode json)) {
        post.fail(failures.broken("a piece of it is no JSON object"));
      } else if (json.hasNonNull("error")) {
        post.fail(failures.told(json.get("error")));
      } else {
        deltas.of(json).forEach(delta -> pass(frame.event(), delta));
      }
    } catch (JsonProcessingException | RuntimeException unreadable) {
      unreadable(unreadable);
    }
  }

  /** The piece itself is nobody's business but the caller's, and stays out of the log. */
  private void unreadable(Throwable failure) {
    LOG.warnf("the model %s answers what cannot be read: %s", model.name(), failure.getClass());
    post.fail(failures.broken("a piece of it cannot be read"));
  }

  private void pass(String event, ObjectNode delta) {
    listener.onEvent(
        new ServerSentEvent(event, delta.toString()), new ServerSentEventContext(new Handle()));
  }

  @Override
  public void ended() {
    listener.onClose();
    fail(failures.broken("it ended before it was whole"));
  }

  @Override
  public void failed(ModelFailure failure) {
    fail(failure);
  }

  @Override
  public void onPartialResponse(String piece) {
    if (over) {
      return;
    }
    text.append(piece);
    try {
      told.accept(piece);
    } catch (RuntimeException failure) {
      fail(failure);
      post.cancel();
    }
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    Answers.of(model, text.toString(), response)
        .ifPresentOrElse(
            whole -> {
              over = true;
              answer.complete(whole);
            },
            () -> fail(failures.broken("it ended before it was whole")));
  }

  @Override
  public void onError(Throwable unreadable) {
    unreadable(unreadable);
  }

  /** What comes after an end counts for nothing. */
  private void fail(RuntimeException failure) {
    if (!over) {
      over = true;
      answer.fail(failure);
    }
  }

  /** The library's view of the stream. */
  private final class Handle implements ServerSentEventParsingHandle {
    @Override
    public void cancel() {
      abandon();
    }

    @Override
    public boolean isCancelled() {
      return over;
    }
  }
}
