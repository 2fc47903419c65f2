package dev.gantry.models;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What models take, by their names. Any thread. */
@ApplicationScoped
class ModelMetrics {
  static final String ANSWERED = "answered";
  static final String CANCELLED = "cancelled";

  /** Without a file callers choose names, and each name is a series for ever. */
  private static final int MOST_NAMES = 100;

  private static final String OTHER = "other";

  private final MeterRegistry metrics;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  ModelMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  /** One try has ended. */
  void tried(String model, String outcome, Duration took) {
    metrics.timer("gantry.models.calls", "model", label(model), "outcome", outcome).record(took);
  }

  static String outcome(Throwable failure) {
    return failure instanceof ModelFailure said
        ? said.kind().name().toLowerCase(Locale.ROOT)
        : "error";
  }

  void used(String model, Usage usage) {
    String label = label(model);
    metrics
        .counter("gantry.models.tokens", "model", label, "direction", "input")
        .increment((double) usage.inputTokens());
    metrics
        .counter("gantry.models.tokens", "model", label, "direction", "output")
        .increment((double) usage.outputTokens());
    if (usage.cost() != null) {
      metrics.counter("gantry.models.cost", "model", label).increment(usage.cost().doubleValue());
    }
  }

  private String label(String model) {
    if (names.contains(model)) {
      return model;
    }
    if (names.size() >= MOST_NAMES) {
      return OTHER;
    }
    names.add(model);
    return model;
  }
}
