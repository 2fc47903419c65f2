package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptRequest;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Attempts and settings for the tests of this room. */
final class Steps {
  static final UUID EXECUTION = UUID.fromString("01a2124b-5615-7071-a041-0aed86dd8dfb");
  static final String MARK = "gantry-output-0123456789abcdef0123456789abcdef";

  private Steps() {}

  static KubernetesSettings settings(PodSecurity security) {
    return new KubernetesSettings(
        "steps",
        security,
        "busybox:1.36",
        "alpine/git:2.47.2",
        null,
        List.of(),
        null,
        Map.of(),
        List.of(),
        new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("100m"))
            .addToLimits("memory", new Quantity("2Gi"))
            .build(),
        Set.of("cache"),
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Duration.ofMinutes(5));
  }

  static JobTemplate template() {
    return template(settings(PodSecurity.RESTRICTED));
  }

  static JobTemplate template(KubernetesSettings settings) {
    return new JobTemplate(settings, "default", () -> MARK);
  }

  static JobPlan plan(StepSpec step) {
    return template().plan(request(step), Map.of());
  }

  static Job job(StepSpec step) {
    return plan(step).job();
  }

  static AttemptRequest request(StepSpec step) {
    return request(step, Map.of(), StepGrants.NONE, WorkFiles.NONE);
  }

  static AttemptRequest request(
      StepSpec step, Map<String, String> variables, StepGrants grants, WorkFiles files) {
    return new AttemptRequest(
        EXECUTION, step, variables, grants, files, 0, AttemptRequest.Behind.NOTHING);
  }

  static StepGrants grants(String name, String value) {
    return new StepGrants(Map.of(name, value), List.of(name), false);
  }

  static Spec script(String text) {
    Spec spec = new Spec();
    spec.script = text;
    return spec;
  }

  static Spec argv(String... words) {
    Spec spec = new Spec();
    spec.argv = List.of(words);
    return spec;
  }

  /** A step in the making. */
  static final class Spec {
    String name = "build";
    String image;
    List<String> argv;
    String script;
    List<String> shell;
    String dir;
    String stdout;
    String stderr;
    List<String> artifacts;
    String signal;
    Map<String, String> env;
    long timeoutMillis;
    String output;
    boolean literal;
    ContainerSpec container;

    StepSpec step() {
      return new StepSpec(
          2,
          name,
          1,
          image,
          argv,
          script,
          shell,
          dir,
          stdout,
          stderr,
          artifacts,
          false,
          signal,
          env,
          timeoutMillis,
          output,
          0,
          literal,
          false,
          container);
    }
  }
}
