package dev.gantry.runner.local;

import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.LogShipper;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BooleanSupplier;

/**
 * What all attempts of a runner share.
 *
 * @param root where the executions' directories are; absolute
 * @param workers runs short blocking work
 * @param timers only hands over to the workers
 * @param isClosed nothing is to be followed any more
 */
record LocalResources(
    Path root,
    Map<String, String> hostEnvironment,
    ProcessLauncher launcher,
    Ticker ticker,
    ScheduledThreadPoolExecutor timers,
    Executor workers,
    LogShipper logs,
    LocalArtifacts artifacts,
    BooleanSupplier isClosed) {
  boolean closed() {
    return isClosed.getAsBoolean();
  }

  Launch launch(AttemptRequest request, AttemptDirectory directory) {
    return Launch.of(request, directory.script(), work(request).path(), hostEnvironment);
  }

  WorkDirectory work(AttemptRequest request) {
    return new WorkDirectory(root.resolve(request.executionId().toString()).resolve("work"));
  }
}
