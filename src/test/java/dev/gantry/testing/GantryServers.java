package dev.gantry.testing;

import dev.gantry.models.OpenAiServer;
import dev.gantry.secrets.KeysetTool;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Gives a Quarkus test the servers, topics of its own and a key. */
public final class GantryServers implements QuarkusTestResourceLifecycleManager {
  public static final String KEY = "gtk_test-key-that-opens-nothing-else";
  public static final String MODEL_KEY = "sk-test-key-that-no-provider-knows";
  public static final String TOPIC_PREFIX = "t-" + UUID.randomUUID().toString().substring(0, 8);

  @Override
  public Map<String, String> start() {
    Servers servers = Servers.get();
    return Map.ofEntries(
        Map.entry("gantry.database.url", servers.database()),
        Map.entry("gantry.database.username", servers.databaseUser()),
        Map.entry("gantry.database.password", ""),
        Map.entry("gantry.kafka.bootstrap-servers", servers.kafka()),
        Map.entry("gantry.kafka.topic-prefix", TOPIC_PREFIX),
        Map.entry("gantry.kafka.partitions", "2"),
        // So that a test need not wait for five minutes until the relay hears of a partition.
        Map.entry("mp.messaging.outgoing.outbox.metadata.max.age.ms", "2000"),
        Map.entry("gantry.admin-api-key", KEY),
        Map.entry("gantry.limits.enabled", "false"),
        Map.entry("gantry.secrets.key-file", keyFile()),
        Map.entry("gantry.sources.allow-local", "true"),
        Map.entry("OPENAI_BASE_URL", OpenAiServer.shared().baseUrl()),
        Map.entry("OPENAI_API_KEY", MODEL_KEY),
        Map.entry("gantry.chat.recordings", "examples/agents"),
        Map.entry("gantry.network.allow", "127.0.0.0/8,::1"),
        Map.entry("gantry.runner.local.enabled", "true"),
        Map.entry("gantry.runner.local.directory", "target/servers/runner-" + TOPIC_PREFIX));
  }

  /** Made anew for each application, so that none depends on what another one has encrypted. */
  private static String keyFile() {
    String file = "target/servers/secrets-" + UUID.randomUUID() + ".key";
    if (KeysetTool.run(List.of("create", file), System.err) != 0) {
      throw new IllegalStateException("there is no keyset in " + file);
    }
    return file;
  }

  @Override
  public void stop() {
    // The servers stay for the next test class and end with the JVM.
  }
}
