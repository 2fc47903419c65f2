package dev.gantry.runner;

/** By processes of this host. */
class RunnerKillTest extends DiskKillContract {
  @Override
  BackendHost host() {
    return new LocalHost();
  }
}
