package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepGrants;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks the API over HTTP, as the runner whose token it has. An API that is away, or is asked too
 * often, is asked again for {@value #MOST_SECONDS} seconds. Never blocks; any thread.
 */
final class ApiGrants implements GrantSource {
  private static final Logger LOG = Logger.getLogger(ApiGrants.class);
  private static final int MOST_SECONDS = 180;
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 5000;
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final RunnerApi api;

  ApiGrants(RunnerApi api) {
    this.api = api;
  }

  @Override
  public CompletableFuture<StepGrants> of(AttemptKey key) {
    CompletableFuture<StepGrants> answer = new CompletableFuture<>();
    if (!api.hasToken()) {
      answer.completeExceptionally(unreachable(RunnerApi.needsToken("secrets")));
    } else {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
      ask(new Question(key, answer, until, FIRST_PAUSE_MILLIS));
    }
    return answer;
  }

  private record Question(
      AttemptKey key, CompletableFuture<StepGrants> answer, long until, long pauseMillis) {
    Question later() {
      return new Question(key, answer, until, Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS));
    }
  }

  private void ask(Question question) {
    if (question.answer.isDone()) {
      return;
    }
    HttpRequest request =
        api.request(question.key, "/grants")
            .header("Accept", "application/json")
            .timeout(ANSWER)
            .build();
    CompletionStage<HttpResponse<byte[]>> asked =
        api.client().sendAsync(request, BodyHandlers.ofByteArray());
    asked.whenComplete((response, failure) -> answered(question, response, failure));
  }

  private void answered(Question question, HttpResponse<byte[]> response, Throwable failure) {
    if (failure != null) {
      askAgain(question, failure.getMessage() == null ? failure.toString() : failure.getMessage());
      return;
    }
    int status = response.statusCode();
    if (status == 200) {
      complete(question, response.body());
    } else if (RunnerApi.mayPass(status)) {
      askAgain(question, "HTTP " + status + ": " + RunnerApi.message(status, response.body()));
    } else if (status == 422) {
      refuse(
          question,
          new GrantsRefusedException(Outcome.FAILED, RunnerApi.message(status, response.body())));
    } else {
      refuse(
          question, unreachable("the API refused: " + RunnerApi.message(status, response.body())));
    }
  }

  private void complete(Question question, byte[] body) {
    try {
      question.answer.complete(ProtocolJson.read(body, StepGrants.class).at(api.root()));
    } catch (IOException e) {
      refuse(question, unreachable("the API's answer cannot be read: " + e.getMessage()));
    }
  }

  private void askAgain(Question question, String why) {
    if (System.nanoTime() - question.until > 0) {
      refuse(question, unreachable("the API could not be asked for secrets: " + why));
      return;
    }
    LOG.warnf("attempt %s waits for the API: %s", question.key, why);
    CompletableFuture.delayedExecutor(question.pauseMillis, TimeUnit.MILLISECONDS)
        .execute(() -> ask(question.later()));
  }

  private static void refuse(Question question, GrantsRefusedException refusal) {
    question.answer.completeExceptionally(refusal);
  }

  private static GrantsRefusedException unreachable(String message) {
    return new GrantsRefusedException(Outcome.INFRASTRUCTURE, message);
  }
}
