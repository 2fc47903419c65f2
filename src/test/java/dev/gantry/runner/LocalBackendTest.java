package dev.gantry.runner;

/** The contract, by processes of this host. */
class LocalBackendTest extends HostBackendContract {
  @Override
  BackendHost host() {
    return new LocalHost();
  }
}
