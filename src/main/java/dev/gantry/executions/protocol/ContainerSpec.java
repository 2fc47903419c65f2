package dev.gantry.executions.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a step finds in and beside its container; a backend without containers cannot run it. Texts
 * may hold markers, as those of the step.
 *
 * @param files besides the execution's own
 * @param repository that is cloned into the work directory before the step begins, or null
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ContainerSpec(
    List<File> files, List<Volume> volumes, List<Service> services, Repository repository) {
  public ContainerSpec {
    files = files == null ? List.of() : files;
    volumes = volumes == null ? List.of() : volumes;
    services = services == null ? List.of() : services;
  }

  /** What is wanted of it, by the keys of the format. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    if (!files.isEmpty()) {
      keys.add("with_files");
    }
    if (!volumes.isEmpty()) {
      keys.add("with_volumes");
    }
    if (!services.isEmpty()) {
      keys.add("with_services");
    }
    if (repository != null) {
      keys.add("with_git_repo");
    }
    return keys;
  }

  /**
   * @param destination absolute, below the work directory, or below the home with {@code ~/}
   */
  public record File(String destination, String content) {}

  /**
   * @param name of one that outlives the step, where the runner knows one of the name
   * @param path where it is in the container; absolute or below the work directory
   */
  public record Volume(String name, String path) {}

  /**
   * A container beside the step's, whose end is the step's.
   *
   * @param name it is reached by it, and by it with {@code -svc}
   * @param entrypoint empty = the image's own
   * @param ports the step begins once the first of them is listened at
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Service(
      String name,
      String image,
      Map<String, String> env,
      List<String> entrypoint,
      List<Integer> ports) {
    public Service {
      env = env == null ? Map.of() : env;
      entrypoint = entrypoint == null ? List.of() : entrypoint;
      ports = ports == null ? List.of() : ports;
    }
  }

  /**
   * @param url with {@code http} or {@code https}
   * @param branch or tag; null = the repository's own
   * @param dir in the work directory; null = the repository's name
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Repository(String url, String branch, String dir) {}
}
