package dev.gantry.messaging;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Derives Kafka's own client settings, {@code kafka.*}, from {@code
 * gantry.kafka.security-protocol}, {@code sasl-*} and {@code ssl-truststore-*}. Every Kafka client
 * of the application begins with what stands there, so that none can be forgotten. What contradicts
 * itself stops the start.
 */
public final class KafkaSecurityConfigSourceFactory implements ConfigSourceFactory {
  private static final String PREFIX = "gantry.kafka.";
  private static final String PROTOCOL = "security-protocol";
  private static final String MECHANISM = "sasl-mechanism";
  private static final String USERNAME = "sasl-username";
  private static final String PASSWORD = "sasl-password";
  private static final String TRUST_STORE = "ssl-truststore-";

  private static final Set<String> PROTOCOLS =
      Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
  private static final Map<String, String> LOGIN_MODULES =
      Map.of(
          "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
          "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
          "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    Map<String, String> derived =
        clientSettings(
            name ->
                Optional.ofNullable(context.getValue(PREFIX + name))
                    .map(ConfigValue::getValue)
                    .filter(value -> !value.isBlank()));
    return List.of(new PropertiesConfigSource(derived, "gantry.kafka", ORDINAL));
  }

  /**
   * @param setting the value of a setting by its name below {@code gantry.kafka.}
   */
  static Map<String, String> clientSettings(Function<String, Optional<String>> setting) {
    String protocol = setting.apply(PROTOCOL).orElse("PLAINTEXT");
    require(
        PROTOCOLS.contains(protocol),
        PROTOCOL,
        "is '" + protocol + "'; it takes one of: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL");
    Map<String, String> derived = new HashMap<>(Map.of("kafka.security.protocol", protocol));
    if (protocol.startsWith("SASL")) {
      addLogin(derived, setting);
    } else {
      refuse(setting, protocol, MECHANISM, USERNAME, PASSWORD);
    }
    if (protocol.endsWith("SSL")) {
      addTrustStore(derived, setting);
    } else {
      refuse(
          setting,
          protocol,
          TRUST_STORE + "location",
          TRUST_STORE + "type",
          TRUST_STORE + "password");
    }
    return derived;
  }

  private static void addLogin(
      Map<String, String> derived, Function<String, Optional<String>> setting) {
    String mechanism = setting.apply(MECHANISM).orElse(MessagingConfig.DEFAULT_MECHANISM);
    String module = LOGIN_MODULES.get(mechanism);
    require(
        module != null,
        MECHANISM,
        "is '" + mechanism + "'; it takes one of: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512");
    derived.put("kafka.sasl.mechanism", mechanism);
    derived.put(
        "kafka.sasl.jaas.config",
        "%s required username=%s password=%s;"
            .formatted(
                module, quoted(required(setting, USERNAME)), quoted(required(setting, PASSWORD))));
  }

  private static void addTrustStore(
      Map<String, String> derived, Function<String, Optional<String>> setting) {
    Optional<String> location = setting.apply(TRUST_STORE + "location");
    Optional<String> type = setting.apply(TRUST_STORE + "type");
    Optional<String> password = setting.apply(TRUST_STORE + "password");
    require(
        location.isPresent() || (type.isEmpty() && password.isEmpty()),
        TRUST_STORE + "location",
        "is missing, but the type or the password of that file is set");
    location.ifPresent(
        file -> {
          derived.put("kafka.ssl.truststore.location", file);
          derived.put("kafka.ssl.truststore.type", type.orElse("PEM"));
        });
    password.ifPresent(value -> derived.put("kafka.ssl.truststore.password", value));
  }

  private static String required(Function<String, Optional<String>> setting, String name) {
    Optional<String> value = setting.apply(name);
    require(value.isPresent(), name, "is missing, and SASL needs it");
    return value.get();
  }

  private static void refuse(
      Function<String, Optional<String>> setting, String protocol, String... names) {
    for (String name : names) {
      require(
          setting.apply(name).isEmpty(),
          name,
          "is set, but would not be used: " + PREFIX + PROTOCOL + " is " + protocol);
    }
  }

  private static void require(boolean right, String name, String wrong) {
    if (!right) {
      throw new IllegalArgumentException(PREFIX + name + " " + wrong);
    }
  }

  /** As the login's configuration is read: in double quotes, where a backslash escapes. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
