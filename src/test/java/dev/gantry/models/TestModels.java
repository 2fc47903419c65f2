package dev.gantry.models;

import dev.gantry.network.AddressPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Models as an operator has configured them, outside of an application. */
final class TestModels implements Closeable {
  static final String KEY = "sk-test-0123456789-of-nobody";
  static final UUID ORGANIZATION = UUID.randomUUID();
  private static final Duration LONG = Duration.ofSeconds(20);

  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final List<String> told = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final ModelServers servers = new ModelServers(vertx);
  private final Models models;

  /** What a process would have without any setting. */
  record Config(Optional<Path> file, Optional<String> defaultName) implements ModelsConfig {
    @Override
    public Duration firstByteTimeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Duration idleTimeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(10);
    }

    @Override
    public int retries() {
      return 1;
    }
  }

  /**
   * @param secrets of any organization
   */
  private TestModels(Catalog catalog, Map<String, String> secrets) {
    AddressPolicy nothingPrivate = AddressPolicy.of(List.of(), InetAddress::getAllByName);
    models =
        new Models(
            catalog,
            new Accesses((of, names) -> found(secrets, names), nothingPrivate),
            servers,
            new ModelMetrics(metrics));
  }

  private static Uni<Map<String, String>> found(Map<String, String> secrets, Set<String> names) {
    if (!secrets.keySet().containsAll(names)) {
      throw new IllegalStateException("no secrets " + names);
    }
    return Uni.createFrom().item(secrets);
  }

  /**
   * @param file as {@code GANTRY_MODELS_FILE} has it, where {@code MODEL_KEY} is {@link #KEY}
   */
  static TestModels of(String file, Map<String, String> secrets) {
    return new TestModels(catalog(file, Optional.empty()), secrets);
  }

  static TestModels of(String file) {
    return of(file, Map.of());
  }

  static Catalog catalog(String file, Optional<String> defaultName) {
    try {
      Path path = Files.createTempFile("models", ".yaml");
      Files.writeString(path, file);
      return ModelsFileReading.read(
          path,
          variable -> Optional.ofNullable(Map.of("MODEL_KEY", KEY).get(variable)),
          new Config(Optional.of(path), defaultName));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever these variables of the environment open. */
  static TestModels ofEnvironment(Map<String, String> variables) {
    Config config = new Config(Optional.empty(), Optional.empty());
    return new TestModels(
        Catalog.any(
            new EnvironmentModels(variable -> Optional.ofNullable(variables.get(variable)), config)
                .models(),
            config.defaultName()),
        Map.of());
  }

  Uni<ModelAnswer> asking(ModelCall call) {
    return asking(call, told::add);
  }

  Uni<ModelAnswer> asking(ModelCall call, Consumer<String> onText) {
    return models.ask(ORGANIZATION, call, onText);
  }

  ModelAnswer ask(ModelCall call) {
    return asking(call).await().atMost(LONG);
  }

  ModelAnswer ask(String model) {
    return ask(call(model));
  }

  static ModelCall call(String model) {
    return new ModelCall(model, List.of(new Message.User("How are you?")), List.of(), null, null);
  }

  @Override
  public void close() {
    servers.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
