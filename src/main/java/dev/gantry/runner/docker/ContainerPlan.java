package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.HostConfig;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.container.Places;
import dev.gantry.runner.disk.AttemptEnvironment;
import dev.gantry.runner.disk.Shebang;
import dev.gantry.runner.disk.WorkDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The container of an attempt; pure, so the same after a restart.
 *
 * @param name of the container, from execution, step and attempt
 * @param argv the program and its arguments; empty = as the image has it
 * @param script what is to be in the script file, or null
 * @param directory where the program runs
 * @param surroundings what is in and beside the container
 * @param notes what the runner has to say in the attempt's log before all else
 */
record ContainerPlan(
    String name,
    Map<String, String> labels,
    String image,
    List<String> argv,
    String script,
    Map<String, String> environment,
    ContainerDirectory directory,
    Surroundings surroundings,
    List<String> notes) {
  /** Where a container has its script. */
  static final String SCRIPT = "/gantry/script";

  static final String EXECUTION = "dev.gantry.execution";
  static final String STEP = "dev.gantry.step";
  static final String ATTEMPT = "dev.gantry.attempt";
  static final String RUNNER = "dev.gantry.runner";
  static final String LEDGER = "dev.gantry.ledger";

  /** Every ordinary image has it, and anybody may write there. */
  static final Path HOME = Places.TMP;

  /**
   * @param defaultImage of a step that names none
   * @param labels in addition to those that name the attempt
   * @param work the execution's work directory on this host
   * @throws IllegalArgumentException when it cannot be run as it is written; the message says why
   */
  static ContainerPlan of(
      AttemptRequest request, String defaultImage, Map<String, String> labels, WorkDirectory work) {
    StepSpec step = request.step();
    List<String> notes = new ArrayList<>();
    if (request.grants().cluster()) {
      notes.add("kubernetes/incluster ignored: the docker backend runs in no cluster");
    }
    String script = request.filled(step.script());
    Map<String, String> environment = AttemptEnvironment.of(request, Map.of(), notes);
    environment.putIfAbsent("HOME", HOME.toString());
    return new ContainerPlan(
        name(request.key()),
        labels(request.key(), labels),
        image(request.filled(step.image()), defaultImage),
        script == null ? arguments(request) : Shebang.argv(step, script, SCRIPT),
        script,
        environment,
        ContainerDirectory.of(request.filled(step.dir()), work),
        Surroundings.of(request, environment),
        notes);
  }

  /** The container as the daemon is to make it. */
  Creation creation(HostConfig host, String user) {
    return new Creation(
        name, labels, image, argv, environment, directory.path(), user, host, List.of());
  }

  static String name(AttemptKey key) {
    String execution = key.executionId().toString().replace("-", "");
    return "gantry-" + execution + "-" + key.step() + "-" + key.attempt();
  }

  /** By which all containers of an attempt are known. */
  static Map<String, String> labels(AttemptKey key, Map<String, String> more) {
    Map<String, String> labels = new TreeMap<>(more);
    labels.put(EXECUTION, key.executionId().toString());
    labels.put(STEP, Integer.toString(key.step()));
    labels.put(ATTEMPT, Integer.toString(key.attempt()));
    return labels;
  }

  private static String image(String image, String otherwise) {
    return image == null || image.isBlank() ? otherwise : image.strip();
  }

  private static List<String> arguments(AttemptRequest request) {
    StepSpec step = request.step();
    if (step.argv() != null && !step.argv().isEmpty()) {
      return step.argv().stream().map(request::filled).toList();
    }
    if (step.image() == null || step.image().isBlank()) {
      throw new IllegalArgumentException("the step names neither a program nor a script");
    }
    return List.of();
  }
}
