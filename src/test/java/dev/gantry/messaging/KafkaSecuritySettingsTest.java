package dev.gantry.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kafka's clients are told; that they heed it is the matter of {@link KafkaSecurityTest}. */
class KafkaSecuritySettingsTest {
  private static Map<String, String> derived(Map<String, String> settings) {
    return KafkaSecurityConfigSourceFactory.clientSettings(
        name -> Optional.ofNullable(settings.get(name)));
  }

  @Test
  void withoutSettingsItIsPlain() {
    assertThat(derived(Map.of())).isEqualTo(Map.of("kafka.security.protocol", "PLAINTEXT"));
  }

  @Test
  void tlsAloneTrustsWhatJavaTrusts() {
    assertThat(derived(Map.of("security-protocol", "SSL")))
        .isEqualTo(Map.of("kafka.security.protocol", "SSL"));
  }

  @Test
  void aFileOfAuthoritiesIsPemUnlessItSaysSo() {
    Map<String, String> pem =
        Map.of("security-protocol", "SSL", "ssl-truststore-location", "/etc/ca.crt");
    Map<String, String> store =
        Map.of(
            "security-protocol", "SSL",
            "ssl-truststore-location", "/etc/ca.p12",
            "ssl-truststore-type", "PKCS12",
            "ssl-truststore-password", "example");

    assertThat(derived(pem))
        .containsEntry("kafka.ssl.truststore.location", "/etc/ca.crt")
        .containsEntry("kafka.ssl.truststore.type", "PEM")
        .doesNotContainKey("kafka.ssl.truststore.password");
    assertThat(derived(store))
        .containsEntry("kafka.ssl.truststore.type", "PKCS12")
        .containsEntry("kafka.ssl.truststore.password", "example");
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN,plain.PlainLoginModule",
    "SCRAM-SHA-256,scram.ScramLoginModule",
    "SCRAM-SHA-512,scram.ScramLoginModule"
  })
  void theLoginIsWrittenAsKafkaReadsIt(String mechanism, String module) {
    Map<String, String> derived =
        derived(
            Map.of(
                "security-protocol", "SASL_PLAINTEXT",
                "sasl-mechanism", mechanism,
                "sasl-username", "gantry",
                "sasl-password", "a\"b\\c"));

    assertThat(derived)
        .containsEntry("kafka.sasl.mechanism", mechanism)
        .containsEntry(
            "kafka.sasl.jaas.config",
            "org.apache.kafka.common.security."
                + module
                + " required username=\"gantry\" password=\"a\\\"b\\\\c\";");
  }

  @ParameterizedTest
  @CsvSource({
    "security-protocol,TLS,PLAINTEXT,security-protocol is 'TLS'; it takes one of",
    "sasl-mechanism,GSSAPI,SASL_SSL,sasl-mechanism is 'GSSAPI'; it takes one of",
    "sasl-mechanism,PLAIN,SASL_SSL,sasl-username is missing",
    "sasl-username,gantry,SASL_SSL,sasl-password is missing",
    "sasl-password,example,SSL,sasl-password is set but would not be used",
    "ssl-truststore-location,/ca.crt,PLAINTEXT,ssl-truststore-location is set but would",
    "ssl-truststore-password,example,SSL,ssl-truststore-location is missing"
  })
  void whatContradictsItselfStopsTheStart(
      String setting, String value, String protocol, String message) {
    Map<String, String> settings = new HashMap<>(Map.of("security-protocol", protocol));
    settings.put(setting, value);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> derived(settings))
        .withMessageContaining("gantry.kafka.")
        .satisfies(e -> assertThat(e.getMessage().replace(",", "")).contains(message));
  }
}
