package dev.gantry.chat.turns;

import dev.gantry.models.ModelAnswer;
import dev.gantry.models.Models;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Who answers a turn: a model, or what was recorded of one. Any thread, never blocks. */
@ApplicationScoped
public class Answers {
  private final Models models;
  private final Recordings recordings;

  Answers(Models models, Recordings recordings) {
    this.models = models;
    this.recordings = recordings;
  }

  /**
   * Fails with 400 when there is nobody of that name.
   *
   * @param model null = the organization's default
   */
  public Uni<Void> check(UUID organization, String model) {
    return recordings.hasModel(model)
        ? recordings.read(model).replaceWithVoid()
        : models.check(organization, model);
  }

  /** The next answer of a turn whose prompt is put together; fails as {@link Models#ask} does. */
  Uni<ModelAnswer> next(UUID organization, Transcript transcript) {
    String model = transcript.prompted().orElseThrow().call().model();
    return recordings.hasModel(model)
        ? recordings.answer(model, transcript)
        : models.ask(organization, transcript.next(), text -> {});
  }
}
