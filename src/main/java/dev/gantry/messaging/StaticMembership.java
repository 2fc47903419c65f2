package dev.gantry.messaging;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Gives this process a name among the members of its consumer groups, when {@code
 * gantry.instance-id} is set: a process of the same name that starts after a crash then gets its
 * partitions back at once, instead of when the former one's session has run out. No two processes
 * that run side by side may share a name.
 */
@Singleton
class StaticMembership {
  private final Map<String, Object> settings;

  StaticMembership(@ConfigProperty(name = "gantry.instance-id") Optional<String> instanceId) {
    settings =
        instanceId.map(id -> Map.<String, Object>of("group.instance.id", id)).orElse(Map.of());
  }

  @Produces
  @ApplicationScoped
  @Identifier("commands")
  Map<String, Object> commands() {
    return settings;
  }

  @Produces
  @ApplicationScoped
  @Identifier("engine-steps")
  Map<String, Object> stepEvents() {
    return settings;
  }

  @Produces
  @ApplicationScoped
  @Identifier("log-store")
  Map<String, Object> logStore() {
    return settings;
  }

  @Produces
  @ApplicationScoped
  @Identifier("mails")
  Map<String, Object> mails() {
    return settings;
  }

  @Produces
  @ApplicationScoped
  @Identifier("heartbeats")
  Map<String, Object> heartbeats() {
    return settings;
  }
}
