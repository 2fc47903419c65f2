package dev.gantry.models;

import dev.gantry.models.ConfiguredModel.Patience;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The models that two well-known keys open, by whatever name their providers know them: enough for
 * a start, without a file. Pure code.
 */
final class EnvironmentModels {
  private static final String CLAUDE = "claude";

  private final Settings settings;
  private final ModelsConfig config;

  EnvironmentModels(Settings settings, ModelsConfig config) {
    this.settings = settings;
    this.config = config;
  }

  /** Looks up a variable of the environment. */
  @FunctionalInterface
  interface Settings {
    Optional<String> get(String variable);
  }

  /** Empty when there is no provider. */
  Optional<Function<String, ConfiguredModel>> models() {
    Optional<Source> openAi = source(Provider.OPENAI, "OPENAI", false);
    Optional<Source> anthropic = source(Provider.ANTHROPIC, "ANTHROPIC", true);
    if (openAi.isEmpty() && anthropic.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        name -> {
          Optional<Source> claude = name.startsWith(CLAUDE) ? anthropic : Optional.empty();
          return model(name, claude.or(() -> openAi).or(() -> anthropic).orElseThrow());
        });
  }

  private record Source(Provider provider, URI baseUrl, String key) {}

  private Optional<Source> source(Provider provider, String prefix, boolean needsKey) {
    Optional<String> key = settings.get(prefix + "_API_KEY");
    Optional<String> url = settings.get(prefix + "_BASE_URL");
    if (key.isEmpty() && (needsKey || url.isEmpty())) {
      return Optional.empty();
    }
    URI baseUrl =
        url.map(
                text ->
                    BaseUrls.read(text)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "%s_BASE_URL: '%s' is no URL as %s"
                                        .formatted(prefix, text, provider.baseUrl()))))
            .orElse(provider.baseUrl());
    return Optional.of(new Source(provider, baseUrl, key.map(String::strip).orElse(null)));
  }

  private ConfiguredModel model(String name, Source source) {
    return new ConfiguredModel(
        name,
        source.provider,
        name,
        source.baseUrl,
        null,
        source.key,
        null,
        new Patience(config.firstByteTimeout(), config.idleTimeout(), config.timeout()),
        config.retries(),
        null,
        null,
        null,
        Set.of());
  }
}
