package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.HostConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A container to be made.
 *
 * @param argv the program and its arguments; empty = as the image has it
 * @param directory where the program runs; null = as the image has it
 * @param aliases what it is called in its network
 */
record Creation(
    String name,
    Map<String, String> labels,
    String image,
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    String user,
    HostConfig host,
    List<String> aliases) {}
