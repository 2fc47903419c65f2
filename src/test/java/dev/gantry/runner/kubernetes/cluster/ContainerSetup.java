package dev.gantry.runner.kubernetes.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that a container runtime needs to know; {@code folder} is the container's own. A container
 * that shares processes is not the first of them, so that a signal without a handler ends it.
 */
record ContainerSetup(
    Path folder,
    List<String> command,
    Map<String, String> environment,
    String directory,
    List<Mount> mounts,
    long uid,
    long gid,
    boolean readOnlyRoot,
    boolean sharesProcesses,
    String hostname,
    Sandbox sandbox) {

  /** Written by the runtime when the next thing is the program itself. */
  Path ready() {
    return folder.resolve("ready");
  }
}
