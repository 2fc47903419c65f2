package dev.gantry.network;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;

/** Makes the process's policy at its start, so that a faulty setting is found then. */
class ConfiguredPolicy {
  @Produces
  @Singleton
  @Startup
  AddressPolicy policy(NetworkConfig config) {
    return AddressPolicy.of(config.allow().orElse(List.of()), InetAddress::getAllByName);
  }
}
