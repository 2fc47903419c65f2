package dev.gantry.runner;

import dev.gantry.runner.docker.DockerDaemon;
import dev.gantry.runner.docker.DockerHost;
import org.junit.jupiter.api.BeforeAll;

/** By containers of a real daemon. */
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
