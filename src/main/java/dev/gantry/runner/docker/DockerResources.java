package dev.gantry.runner.docker;

import dev.gantry.runner.disk.RunnerDisk;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/**
 * What all attempts of a runner share.
 *
 * @param labels whose the containers are
 * @param users as whom programs run
 * @param threads one for each attempt, and for each thing that is asked beside it; closing
 *     interrupts them
 */
record DockerResources(
    RunnerDisk disk,
    Daemon daemon,
    DockerSettings settings,
    Map<String, String> labels,
    Users users,
    ExecutorService threads) {}
