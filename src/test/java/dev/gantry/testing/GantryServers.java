package dev.gantry.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.UUID;

/** Gives a Quarkus test the servers, topics of its own and a key. */
public final class GantryServers implements QuarkusTestResourceLifecycleManager {
  public static final String KEY = "gtk_test-key-that-opens-nothing-else";
  public static final String TOPIC_PREFIX = "t-" + UUID.randomUUID().toString().substring(0, 8);

  @Override
  public Map<String, String> start() {
    Servers servers = Servers.get();
    return Map.of(
        "gantry.database.url",
        servers.database(),
        "gantry.database.username",
        servers.databaseUser(),
        "gantry.database.password",
        "",
        "gantry.kafka.bootstrap-servers",
        servers.kafka(),
        "gantry.kafka.topic-prefix",
        TOPIC_PREFIX,
        "gantry.kafka.partitions",
        "2",
        "gantry.admin-api-key",
        KEY,
        "gantry.sources.allow-local",
        "true",
        "gantry.runner.local.enabled",
        "true",
        "gantry.runner.local.directory",
        "target/servers/runner-" + TOPIC_PREFIX);
  }

  @Override
  public void stop() {
    // The servers stay for the next test class and end with the JVM.
  }
}
