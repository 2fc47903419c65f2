package dev.gantry.runner.kubernetes;

import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRequest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** By what Jobs, their pods and what they own are found. Pure code. */
final class Labels {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String GANTRY = "gantry";
  static final String RUNNER = "gantry.dev/runner";
  static final String EXECUTION = "gantry.dev/execution";
  static final String STEP = "gantry.dev/step";
  static final String ATTEMPT = "gantry.dev/attempt";

  /** Whose execution it is; missing where the runner was not told. */
  static final String ORGANIZATION = "gantry.dev/organization";

  static final String PARTITION = "gantry.dev/partition";

  /** What is left of the segment, this attempt first; an annotation of the Job. */
  static final String COMMAND = "gantry.dev/command";

  /** A cancellation that names attempts of the execution; an annotation of the Job. */
  static final String CANCEL = "gantry.dev/cancel";

  private static final int LONGEST = 63;
  private static final Pattern VALID =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

  private Labels() {}

  /** Those of an attempt and, over them, {@code more}. */
  static Map<String, String> of(AttemptRequest request, String runner, Map<String, String> more) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(MANAGED_BY, GANTRY);
    labels.put(RUNNER, value(runner));
    labels.put(EXECUTION, request.executionId().toString());
    labels.put(STEP, Integer.toString(request.step().index()));
    labels.put(ATTEMPT, Integer.toString(request.step().attempt()));
    if (request.behind().organizationId() != null) {
      labels.put(ORGANIZATION, request.behind().organizationId().toString());
    }
    labels.putAll(more);
    return labels;
  }

  /**
   * The text as a label's value: itself where it may be one, else what of it may be and a hash that
   * tells it from its like.
   */
  static String value(String text) {
    if (VALID.matcher(text).matches()) {
      return text;
    }
    String hash =
        UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
    String bare = text.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-", "");
    int room = LONGEST - hash.length() - 1;
    return bare.substring(0, Math.min(room, bare.length())) + (bare.isEmpty() ? "" : "-") + hash;
  }

  /** Those by which all objects of a runner are found. */
  static Map<String, String> ofRunner(String runner) {
    return Map.of(MANAGED_BY, GANTRY, RUNNER, value(runner));
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
