package dev.gantry.models;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Backoff;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The models that organizations may ask. A model that cannot be reached, is overloaded or at fault
 * is asked again after a while, and then the one that is configured to stand in for it; but never
 * once anything has been told of an answer. Never blocks.
 */
@ApplicationScoped
public class Models {
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(8));

  /** Who wants more waited is not waited for. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Catalog catalog;
  private final Accesses accesses;
  private final ModelServers servers;
  private final ModelMetrics metrics;
  private final Backoff backoff = new Backoff(PAUSES, RandomGenerator.getDefault());

  Models(Catalog catalog, Accesses accesses, ModelServers servers, ModelMetrics metrics) {
    this.catalog = catalog;
    this.accesses = accesses;
    this.servers = servers;
    this.metrics = metrics;
  }

  /** What is asked, and what the caller has been told of an answer. */
  private static final class Question implements Consumer<String> {
    final UUID organization;
    final ModelCall call;
    final Consumer<String> onText;
    volatile boolean begun;

    Question(UUID organization, ModelCall call, Consumer<String> onText) {
      this.organization = organization;
      this.call = call;
      this.onText = onText;
    }

    @Override
    public void accept(String piece) {
      begun = true;
      onText.accept(piece);
    }
  }

  /**
   * Asks a model and waits for its whole answer.
   *
   * @param onText gets each piece of the text as it comes, one at a time and in order, on any
   *     thread; it must not block, and when it throws the answer fails with that. What it gets is
   *     part of an answer only if the answer comes.
   * @return on the caller's Vert.x context, where it has one. Fails with {@link ModelFailure}, or
   *     with an {@link ApiException} that says which setting to set when there is no such model.
   *     Cancelling cuts the provider off.
   */
  public Uni<ModelAnswer> ask(UUID organization, ModelCall call, Consumer<String> onText) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Context caller = Vertx.currentContext();
              ConfiguredModel model = catalog.find(organization, call.model());
              Uni<ModelAnswer> answer = answer(new Question(organization, call, onText), model);
              return caller == null
                  ? answer
                  : answer.emitOn(task -> caller.runOnContext(v -> task.run()));
            });
  }

  /**
   * Whether there is such a model for the organization; asks nobody.
   *
   * @param model null = the organization's default
   * @return fails with the same {@link ApiException} as {@link #ask}
   */
  public Uni<Void> check(UUID organization, String model) {
    return Uni.createFrom().item(() -> catalog.find(organization, model)).replaceWithVoid();
  }

  private Uni<ModelAnswer> answer(Question question, ConfiguredModel model) {
    long deadline = System.nanoTime() + model.patience().whole().toNanos();
    Uni<ModelAnswer> own =
        accesses
            .of(question.organization, model)
            .chain(access -> attempt(question, model, access, deadline, 1));
    Optional<ConfiguredModel> other = catalog.fallback(model);
    return other.isEmpty()
        ? own
        : own.onFailure(failure -> mayPass(failure, question))
            .recoverWithUni(() -> answer(question, other.get()));
  }

  private static boolean mayPass(Throwable failure, Question question) {
    return !question.begun && failure instanceof ModelFailure said && said.isTheProviders();
  }

  private Uni<ModelAnswer> attempt(
      Question question, ConfiguredModel model, Access access, long deadline, int tries) {
    return Uni.createFrom()
        .deferred(() -> once(question, model, access, deadline))
        .onFailure(ModelFailure.class)
        .recoverWithUni(
            failure -> {
              Optional<Duration> pause = pause(question, model, failure, deadline, tries);
              return pause.isEmpty()
                  ? Uni.createFrom().failure(failure)
                  : Uni.createFrom()
                      .voidItem()
                      .onItem()
                      .delayIt()
                      .by(pause.get())
                      .chain(() -> attempt(question, model, access, deadline, tries + 1));
            });
  }

  private Uni<ModelAnswer> once(
      Question question, ConfiguredModel model, Access access, long deadline) {
    long begun = System.nanoTime();
    return new Attempt(model, access, question.call, question)
        .begin(servers, model.patience().atMost(Duration.ofNanos(deadline - begun)))
        .invoke(answer -> metrics.used(model.name(), answer.usage()))
        .onItemOrFailure()
        .invoke((answer, failure) -> tried(model, begun, failure))
        .onCancellation()
        .invoke(
            () ->
                metrics.tried(
                    model.name(),
                    ModelMetrics.CANCELLED,
                    Duration.ofNanos(System.nanoTime() - begun)));
  }

  private void tried(ConfiguredModel model, long begun, Throwable failure) {
    metrics.tried(
        model.name(),
        failure == null ? ModelMetrics.ANSWERED : ModelMetrics.outcome(failure),
        Duration.ofNanos(System.nanoTime() - begun));
  }

  /** How long to wait before the same is asked again; empty = it is not. */
  private Optional<Duration> pause(
      Question question, ConfiguredModel model, ModelFailure failure, long deadline, int tries) {
    if (question.begun || failure.pause() == null || tries > model.retries()) {
      return Optional.empty();
    }
    Duration own = backoff.after(tries);
    Duration pause = failure.pause().compareTo(own) > 0 ? failure.pause() : own;
    Duration rest = Duration.ofNanos(deadline - System.nanoTime());
    return pause.compareTo(LONGEST_PAUSE) > 0 || pause.compareTo(rest) >= 0
        ? Optional.empty()
        : Optional.of(pause);
  }
}
