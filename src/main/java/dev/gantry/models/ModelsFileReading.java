package dev.gantry.models;

import dev.gantry.models.ConfiguredModel.Patience;
import dev.gantry.models.ConfiguredModel.Price;
import dev.gantry.models.EnvironmentModels.Settings;
import dev.gantry.platform.Durations;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes models of what a file says, and names all that is wrong with it at once. Blocks. */
final class ModelsFileReading {
  private final Path file;
  private final Settings environment;
  private final ModelsConfig config;
  private final List<String> faults = new ArrayList<>();

  private ModelsFileReading(Path file, Settings environment, ModelsConfig config) {
    this.file = file;
    this.environment = environment;
    this.config = config;
  }

  /**
   * @throws IllegalArgumentException that says file, places and what to do
   */
  static Catalog read(Path file, Settings environment, ModelsConfig config) {
    return new ModelsFileReading(file, environment, config).catalog(ModelsFile.read(file));
  }

  private Catalog catalog(ModelsFile written) {
    List<ConfiguredModel> models = new ArrayList<>();
    for (int i = 0; i < written.models().size(); i++) {
      models.add(model("models[" + i + "].", written.models().get(i)));
    }
    if (models.isEmpty()) {
      faults.add("models: has to list at least one");
    }
    Map<String, ConfiguredModel> byName = byName(models);
    models.forEach(model -> checkFallbacks(model, byName));
    written.defaults().forEach((of, name) -> checkDefault("defaults." + of, of, name, byName));
    config
        .defaultName()
        .filter(name -> !byName.containsKey(name))
        .ifPresent(name -> faults.add("GANTRY_MODELS_DEFAULT: there is no model '" + name + "'"));
    if (!faults.isEmpty()) {
      throw ModelsFile.faulty(file, faults);
    }
    return Catalog.of(models, written.defaults(), config.defaultName());
  }

  private ConfiguredModel model(String at, ModelsFile.Entry entry) {
    if (entry.name() == null || entry.name().isBlank()) {
      faults.add(at + "name: has to be set");
    }
    if (entry.provider() == null) {
      faults.add(at + "provider: has to be openai, anthropic or ollama");
    }
    checkKeys(at, entry);
    return new ConfiguredModel(
        entry.name() == null ? "" : entry.name(),
        entry.provider(),
        entry.model() == null ? entry.name() : entry.model(),
        entry.baseUrlSecret() == null ? baseUrl(at, entry) : null,
        entry.baseUrlSecret(),
        key(at, entry),
        entry.apiKeySecret(),
        patience(at, entry),
        number(at + "retries", entry.retries(), 0, config.retries()),
        entry.fallback(),
        entry.maxOutputTokens() == null
            ? null
            : number(at + "max_output_tokens", entry.maxOutputTokens(), 1, 1),
        price(at, entry),
        entry.organizations() == null ? Set.of() : Set.copyOf(entry.organizations()));
  }

  /** An operator's key must not go to a server that an organization names. */
  private void checkKeys(String at, ModelsFile.Entry entry) {
    long keys =
        Stream.of(entry.apiKeyEnv(), entry.apiKeyFile(), entry.apiKeySecret())
            .filter(source -> source != null)
            .count();
    if (keys > 1) {
      faults.add(at + "api_key_env, api_key_file and api_key_secret: only one of them may be set");
    }
    if (keys == 0 && entry.provider() == Provider.ANTHROPIC) {
      faults.add(at + "api_key_env, api_key_file or api_key_secret: anthropic needs one of them");
    }
    if (entry.baseUrlSecret() != null && entry.baseUrl() != null) {
      faults.add(at + "base_url and base_url_secret: only one of them may be set");
    }
    if (entry.baseUrlSecret() != null && entry.apiKeySecret() == null && keys > 0) {
      faults.add(
          at + "base_url_secret: goes with api_key_secret, or your key goes to their server");
    }
  }

  private URI baseUrl(String at, ModelsFile.Entry entry) {
    if (entry.baseUrl() == null) {
      return entry.provider() == null ? null : entry.provider().baseUrl();
    }
    Optional<URI> url = BaseUrls.read(entry.baseUrl());
    if (url.isEmpty()) {
      faults.add(
          "%sbase_url: '%s' is no URL as https://models.example.com/v1"
              .formatted(at, entry.baseUrl()));
    }
    return url.orElse(null);
  }

  private String key(String at, ModelsFile.Entry entry) {
    if (entry.apiKeyEnv() != null) {
      Optional<String> key = environment.get(entry.apiKeyEnv()).map(String::strip);
      if (key.isEmpty()) {
        faults.add("%sapi_key_env: %s is not set".formatted(at, entry.apiKeyEnv()));
      }
      return key.orElse(null);
    }
    return entry.apiKeyFile() == null ? null : keyIn(at, entry.apiKeyFile());
  }

  private String keyIn(String at, Path keyFile) {
    try {
      String key = Files.readString(keyFile).strip();
      if (!key.isEmpty()) {
        return key;
      }
      faults.add("%sapi_key_file: %s is empty".formatted(at, keyFile));
    } catch (IOException e) {
      faults.add("%sapi_key_file: %s cannot be read: %s".formatted(at, keyFile, e));
    }
    return null;
  }

  private Patience patience(String at, ModelsFile.Entry entry) {
    return new Patience(
        duration(at + "first_byte_timeout", entry.firstByteTimeout(), config.firstByteTimeout()),
        duration(at + "idle_timeout", entry.idleTimeout(), config.idleTimeout()),
        duration(at + "timeout", entry.timeout(), config.timeout()));
  }

  private Duration duration(String at, String text, Duration otherwise) {
    if (text == null) {
      return otherwise;
    }
    Optional<Duration> duration = Durations.parse(text).filter(some -> !some.isZero());
    if (duration.isEmpty()) {
      faults.add("%s: '%s' is no duration as 30s".formatted(at, text));
    }
    return duration.orElse(otherwise);
  }

  private int number(String at, Integer number, int least, int otherwise) {
    if (number != null && number < least) {
      faults.add("%s: has to be at least %d".formatted(at, least));
    }
    return number == null ? otherwise : number;
  }

  private Price price(String at, ModelsFile.Entry entry) {
    if (entry.price() == null) {
      return null;
    }
    BigDecimal input = entry.price().input();
    BigDecimal output = entry.price().output();
    if (input == null || output == null || input.signum() < 0 || output.signum() < 0) {
      faults.add(at + "price: needs input and output, for a million tokens each, from 0");
      return null;
    }
    return new Price(input, output);
  }

  private Map<String, ConfiguredModel> byName(Collection<ConfiguredModel> models) {
    Map<String, ConfiguredModel> byName = new HashMap<>();
    for (ConfiguredModel model : models) {
      if (byName.put(model.name(), model) != null) {
        faults.add("models: there are two with the name '" + model.name() + "'");
      }
    }
    return byName;
  }

  private void checkFallbacks(ConfiguredModel model, Map<String, ConfiguredModel> byName) {
    Set<String> seen = new HashSet<>(Set.of(model.name()));
    for (ConfiguredModel at = model; at != null && at.fallback() != null; ) {
      ConfiguredModel next = byName.get(at.fallback());
      if (next == null) {
        faults.add("models: the fallback '%s' of '%s' is none".formatted(at.fallback(), at.name()));
      } else if (!seen.add(next.name())) {
        faults.add("models: the fallbacks of '%s' lead in a circle".formatted(model.name()));
        return;
      } else if (!coversAllOf(next, model)) {
        faults.add(
            "models: the fallback '%s' of '%s' is not for all its organizations"
                .formatted(next.name(), model.name()));
      }
      at = next;
    }
  }

  private static boolean coversAllOf(ConfiguredModel fallback, ConfiguredModel model) {
    if (model.organizations().isEmpty()) {
      return fallback.organizations().isEmpty();
    }
    return model.organizations().stream().allMatch(fallback::isFor);
  }

  private void checkDefault(
      String at, UUID organization, String name, Map<String, ConfiguredModel> byName) {
    ConfiguredModel model = byName.get(name);
    if (model == null) {
      faults.add("%s: there is no model '%s'".formatted(at, name));
    } else if (!model.isFor(organization)) {
      faults.add("%s: the model '%s' is not for this organization".formatted(at, name));
    }
  }
}
