package dev.gantry.runners;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A runner as a file for Docker Compose. The token and the group of the Docker socket are taken
 * from the environment, so that the file holds nothing to be kept. Pure code.
 */
final class ComposeManifest {
  private static final String SOCKET = "/var/run/docker.sock";
  private static final String AUTHORITY = "./kafka-ca.crt";
  private static final String GROUP = "DOCKER_GROUP_ID";

  private final Installation runner;

  ComposeManifest(Installation runner) {
    this.runner = runner;
  }

  /** What a person is to do first. */
  String introduction() {
    return """
        # The runner %1$s. POST /api/v1/runners (or, for another one, POST
        # /api/v1/runners/%1$s/token) answers its token:
        #
        #   export %2$s=THE_TOKEN %3$s="$(stat -c %%g %4$s)"
        %5$s#   docker compose --file THIS_FILE up --detach
        """
        .formatted(runner.runner(), Installation.TOKEN, GROUP, SOCKET, ofKafka());
  }

  private String ofKafka() {
    String text = "";
    if (runner.kafka().mechanism().isPresent()) {
      text +=
          "#   export %s=... %s=...\n"
              .formatted(Installation.KAFKA_USERNAME, Installation.KAFKA_PASSWORD);
    }
    if (runner.kafka().ownAuthority()) {
      text += "#   cp THE_AUTHORITY_OF_KAFKA %s\n".formatted(AUTHORITY);
    }
    return text;
  }

  Map<String, Object> file() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("name", runner.name());
    file.put("services", Map.of("runner", service()));
    return file;
  }

  private Map<String, Object> service() {
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("image", runner.image());
    service.put("environment", environment());
    service.put("volumes", volumes());
    service.put("group_add", List.of(required(GROUP, "the group of " + SOCKET)));
    service.put("restart", "unless-stopped");
    service.put("stop_grace_period", "30s");
    service.put("mem_limit", "1g");
    service.put("read_only", true);
    // exec: native libraries are unpacked here and loaded.
    service.put("tmpfs", List.of("/tmp:exec,mode=1777,size=1g"));
    service.put("cap_drop", List.of("ALL"));
    service.put("security_opt", List.of("no-new-privileges:true"));
    return service;
  }

  private List<String> volumes() {
    String socket = SOCKET + ":" + SOCKET;
    return runner.kafka().ownAuthority()
        ? List.of(socket, AUTHORITY + ":" + Installation.KAFKA_AUTHORITY + ":ro")
        : List.of(socket);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    // A single $ begins a variable there.
    runner.environment().forEach((name, value) -> environment.put(name, value.replace("$", "$$")));
    environment.put(Installation.TOKEN, required(Installation.TOKEN, "the runner's token"));
    if (runner.kafka().mechanism().isPresent()) {
      environment.put(
          Installation.KAFKA_USERNAME,
          required(Installation.KAFKA_USERNAME, "who logs in to Kafka"));
      environment.put(
          Installation.KAFKA_PASSWORD, required(Installation.KAFKA_PASSWORD, "with what"));
    }
    return environment;
  }

  private static String required(String variable, String meaning) {
    return "${" + variable + ":?" + meaning + "}";
  }
}
