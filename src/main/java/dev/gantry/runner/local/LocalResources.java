package dev.gantry.runner.local;

import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.disk.AttemptDirectory;
import dev.gantry.runner.disk.RunnerDisk;
import java.util.Map;

/** What all attempts of a runner share. */
record LocalResources(
    RunnerDisk disk, Map<String, String> hostEnvironment, ProcessLauncher launcher) {
  Launch launch(AttemptRequest request, AttemptDirectory directory) {
    return Launch.of(request, directory.script(), disk.work(request).path(), hostEnvironment);
  }
}
