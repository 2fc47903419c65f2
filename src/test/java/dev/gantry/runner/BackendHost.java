package dev.gantry.runner;

import dev.gantry.executions.protocol.StepSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * What the tests of all backends need of one: how it is opened, in this process and in one of its
 * own, which names the implementing class and hands {@link #arguments} to its constructor.
 */
public interface BackendHost {
  /**
   * As a process does at its start.
   *
   * @param directory where it has its memory, if that is on this host; the same after a restart
   */
  Backend open(
      Path directory,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers);

  /** What makes the same one in another process. */
  List<String> arguments();

  /**
   * Where programs of the execution and a test leave each other files.
   *
   * @param directory as it was opened with
   */
  Path marks(Path directory, UUID execution);

  /** How a program names one of these files, from the directory in which a step begins. */
  String mark(UUID execution, String name);

  /** The step with whatever its program needs to find {@link #mark}s. */
  default StepSpec finding(StepSpec step) {
    return step;
  }

  /** The image with a shell that steps run in; empty where they run in no container. */
  default Optional<String> image() {
    return Optional.empty();
  }

  /** Whether what runs beside a step is reached by its name. */
  default boolean namesServices() {
    return image().isPresent();
  }

  /** The one that {@link #arguments} describe. */
  static BackendHost of(String name, List<String> arguments) {
    try {
      return Class.forName(name)
          .asSubclass(BackendHost.class)
          .getConstructor(List.class)
          .newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(name, e);
    }
  }
}
