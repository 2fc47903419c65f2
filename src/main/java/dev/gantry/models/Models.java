package dev.gantry.models;

import dev.gantry.http.ApiException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Consumer;

/** The models that organizations may ask. Never blocks. */
@ApplicationScoped
public class Models {
  /**
   * Asks a model and waits for its whole answer.
   *
   * @param onText gets each piece of the text as it comes, one at a time and in order, on any
   *     thread; it must not block. What it gets is part of an answer only if the answer comes.
   * @return fails with {@link ModelFailure}, or with an {@link ApiException} that says which
   *     setting to set when there is no such model. Cancelling cuts the provider off.
   */
  public Uni<ModelAnswer> ask(UUID organization, ModelCall call, Consumer<String> onText) {
    return check(organization, call.model()).map(none -> null);
  }

  /**
   * Whether there is such a model for the organization; asks nobody.
   *
   * @param model null = the organization's default
   * @return fails with the same {@link ApiException} as {@link #ask}
   */
  public Uni<Void> check(UUID organization, String model) {
    return Uni.createFrom()
        .failure(
            () ->
                ApiException.invalid(
                    "llm_model",
                    "no model is configured: set OPENAI_API_KEY, OPENAI_BASE_URL or"
                        + " GANTRY_MODELS_FILE"));
  }
}
