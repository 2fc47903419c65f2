package dev.gantry.runner.kubernetes;

import dev.gantry.runner.AttemptKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** By what a runner finds its objects again, and what it writes on them. Pure code. */
final class Labels {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String GANTRY = "gantry";
  static final String RUNNER = "gantry.dev/runner";
  static final String EXECUTION = "gantry.dev/execution";
  static final String STEP = "gantry.dev/step";
  static final String ATTEMPT = "gantry.dev/attempt";
  static final String PARTITION = "gantry.dev/partition";

  /** What is left of the segment, this attempt first; an annotation of the Job. */
  static final String COMMAND = "gantry.dev/command";

  /** A cancellation that names attempts of the execution; an annotation of the Job. */
  static final String CANCEL = "gantry.dev/cancel";

  /** See {@link OutputSection}; an annotation of the Job. */
  static final String OUTPUT_MARK = "gantry.dev/output-mark";

  private Labels() {}

  static Map<String, String> of(AttemptKey key, String runner, int partition) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(MANAGED_BY, GANTRY);
    labels.put(RUNNER, runner);
    labels.put(EXECUTION, key.executionId().toString());
    labels.put(STEP, Integer.toString(key.step()));
    labels.put(ATTEMPT, Integer.toString(key.attempt()));
    labels.put(PARTITION, Integer.toString(partition));
    return labels;
  }

  /** Those by which all objects of a runner are found. */
  static Map<String, String> ofRunner(String runner) {
    return Map.of(MANAGED_BY, GANTRY, RUNNER, runner);
  }

  /** Empty for an object that somebody else has labelled so. */
  static Optional<AttemptKey> attempt(HasMetadata object) {
    try {
      return Optional.of(
          new AttemptKey(
              UUID.fromString(label(object, EXECUTION)),
              Integer.parseInt(label(object, STEP)),
              Integer.parseInt(label(object, ATTEMPT))));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /** -1 when it has none. */
  static int partition(HasMetadata object) {
    try {
      return Integer.parseInt(label(object, PARTITION));
    } catch (NumberFormatException notOurs) {
      return -1;
    }
  }

  private static String label(HasMetadata object, String name) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? "" : labels.getOrDefault(name, "");
  }

  static String annotation(HasMetadata object, String name) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(name);
  }
}
