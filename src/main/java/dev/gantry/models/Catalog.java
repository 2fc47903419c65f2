package dev.gantry.models;

import dev.gantry.http.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which models there are, and for whom. Immutable; any thread, never blocks. */
final class Catalog {
  /** What API requests call a model's name. */
  static final String FIELD = "llm_model";

  private static final int LONGEST_NAME = 255;

  private final Map<String, ConfiguredModel> listed;
  private final Map<UUID, String> defaults;
  private final Optional<String> defaultName;
  private final Optional<Function<String, ConfiguredModel>> unlisted;

  private Catalog(
      Map<String, ConfiguredModel> listed,
      Map<UUID, String> defaults,
      Optional<String> defaultName,
      Optional<Function<String, ConfiguredModel>> unlisted) {
    this.listed = listed;
    this.defaults = defaults;
    this.defaultName = defaultName;
    this.unlisted = unlisted;
  }

  /** Exactly these. */
  static Catalog of(
      List<ConfiguredModel> models, Map<UUID, String> defaults, Optional<String> defaultName) {
    Map<String, ConfiguredModel> byName =
        models.stream().collect(Collectors.toMap(ConfiguredModel::name, model -> model));
    return new Catalog(byName, Map.copyOf(defaults), defaultName, Optional.empty());
  }

  /**
   * Whatever a provider has.
   *
   * @param models empty when there is no provider
   */
  static Catalog any(
      Optional<Function<String, ConfiguredModel>> models, Optional<String> defaultName) {
    return new Catalog(Map.of(), Map.of(), defaultName, models);
  }

  /**
   * @param name null = the organization's default
   * @throws ApiException when there is none, saying what to do
   */
  ConfiguredModel find(UUID organization, String name) {
    if (listed.isEmpty() && unlisted.isEmpty()) {
      throw ApiException.invalid(
          FIELD,
          "no language model is configured: whoever runs this server has to set"
              + " GANTRY_MODELS_FILE, or OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY");
    }
    String wanted = name == null ? defaultOf(organization) : name;
    ConfiguredModel model = listed.get(wanted);
    if (model != null && model.isFor(organization)) {
      return model;
    }
    return unlisted
        .filter(any -> !wanted.isBlank() && wanted.length() <= LONGEST_NAME)
        .map(any -> any.apply(wanted))
        .orElseThrow(() -> unknown(organization, wanted));
  }

  /** The one that is asked in its place, if there is one. */
  Optional<ConfiguredModel> fallback(ConfiguredModel model) {
    return Optional.ofNullable(model.fallback()).map(listed::get);
  }

  private String defaultOf(UUID organization) {
    String own = defaults.get(organization);
    return own != null
        ? own
        : defaultName.orElseThrow(
            () ->
                ApiException.invalid(
                    FIELD,
                    "has to name a model: there is no default, which GANTRY_MODELS_DEFAULT sets"));
  }

  private ApiException unknown(UUID organization, String name) {
    String known =
        listed.values().stream()
            .filter(model -> model.isFor(organization))
            .map(ConfiguredModel::name)
            .sorted()
            .collect(Collectors.joining(", "));
    String shown = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    return ApiException.invalid(
        FIELD,
        "there is no model '%s'; %s"
            .formatted(shown, known.isEmpty() ? "there is none for you" : "there are: " + known));
  }
}
