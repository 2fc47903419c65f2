package dev.gantry.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest {
  @Test
  void without_a_bucket_there_is_no_store() {
    assertThat(StoreSettings.of(StoreConfigs.of(Map.of()))).isEmpty();
    assertThat(StoreSettings.of(StoreConfigs.of(Map.of("gantry.artifacts.bucket", "")))).isEmpty();
  }

  @Test
  void a_bucket_alone_is_one_of_aws_with_credentials_that_the_sdk_finds() {
    assertThat(of(Map.of("bucket", "builds")))
        .isEqualTo(new StoreSettings("builds", null, "us-east-1", null, false, ""));
  }

  @Test
  void with_an_endpoint_the_bucket_stands_in_the_path() {
    StoreSettings settings =
        of(
            Map.of(
                "bucket", "builds",
                "endpoint", "https://minio.example.com:9000",
                "region", "eu-west-1",
                "access-key", "a",
                "secret-key", "s",
                "prefix", "gantry/"));
    assertThat(settings)
        .isEqualTo(
            new StoreSettings(
                "builds",
                URI.create("https://minio.example.com:9000"),
                "eu-west-1",
                new StoreSettings.Keys("a", "s"),
                true,
                "gantry/"));
  }

  @Test
  void the_style_can_be_told() {
    String endpoint = "https://s3.example.com";
    assertThat(of(Map.of("bucket", "b", "endpoint", endpoint, "path-style", "false")).pathStyle())
        .isFalse();
    assertThat(of(Map.of("bucket", "b", "path-style", "true")).pathStyle()).isTrue();
  }

  @Test
  void the_secret_key_is_never_printed() {
    assertThat(of(Map.of("bucket", "b", "access-key", "a", "secret-key", "hidden")).toString())
        .doesNotContain("hidden");
  }

  @ParameterizedTest
  @CsvSource({"access-key,ACCESS_KEY,SECRET_KEY", "secret-key,SECRET_KEY,ACCESS_KEY"})
  void one_key_without_the_other_is_refused(String set, String told, String missing) {
    assertFault(
        Map.of("bucket", "b", set, "x"),
        "GANTRY_ARTIFACTS_"
            + told
            + " is set and GANTRY_ARTIFACTS_"
            + missing
            + " is not: set both, or neither to let the AWS SDK look for credentials");
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint,https://s3.example.com,ENDPOINT",
    "access-key,a,ACCESS_KEY",
    "secret-key,s,SECRET_KEY",
    "path-style,true,PATH_STYLE",
    "prefix,gantry/,PREFIX"
  })
  void what_speaks_of_a_store_needs_a_bucket(String set, String value, String told) {
    assertFault(
        Map.of(set, value),
        "GANTRY_ARTIFACTS_"
            + told
            + " is set and GANTRY_ARTIFACTS_BUCKET is not: set both, or neither");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "minio.example.com",
        "minio:9000",
        "s3://builds",
        "https://key:secret@minio.example.com",
        "https://minio.example.com?region=x"
      })
  void an_endpoint_that_is_no_address_of_a_server_is_refused(String endpoint) {
    assertFault(Map.of("bucket", "b", "endpoint", endpoint), "https://minio.example.com:9000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://builds", "builds/gantry"})
  void a_bucket_is_named_alone(String bucket) {
    assertFault(Map.of("bucket", bucket), "goes into GANTRY_ARTIFACTS_PREFIX");
  }

  @Test
  void a_bucket_may_be_an_access_point() {
    String arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/builds";
    assertThat(of(Map.of("bucket", arn)).bucket()).isEqualTo(arn);
  }

  @Test
  void a_prefix_does_not_begin_with_a_slash() {
    assertFault(Map.of("bucket", "b", "prefix", "/gantry/"), "must not begin with a slash");
  }

  private static StoreSettings of(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    settings.forEach((name, value) -> all.put("gantry.artifacts." + name, value));
    return StoreSettings.of(StoreConfigs.of(all)).orElseThrow();
  }

  private static void assertFault(Map<String, String> settings, String told) {
    assertThatIllegalStateException().isThrownBy(() -> of(settings)).withMessageContaining(told);
  }
}
