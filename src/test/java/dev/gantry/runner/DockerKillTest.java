package dev.gantry.runner;

import dev.gantry.runner.docker.DockerDaemon;
import dev.gantry.runner.docker.DockerHost;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** By containers of a real daemon. */
@Tag("chaos")
class DockerKillTest extends DiskKillContract {
  private static DockerHost host;

  @BeforeAll
  static void findDaemon() {
    host = DockerHost.on(DockerDaemon.orSkip());
  }

  @Override
  BackendHost host() {
    return host;
  }
}
