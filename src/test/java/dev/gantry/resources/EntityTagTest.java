package dev.gantry.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gantry.http.ApiException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
  private static Resource atVersion3() {
    Resource resource =
        new Resource() {
          @Override
          protected Optional<Map<String, Object>> told() {
            return Optional.empty();
          }
        };
    resource.version = 3;
    return resource;
  }

  private static int refusal(String ifMatch) {
    ApiException[] refusal = new ApiException[1];
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> EntityTag.require(ifMatch, atVersion3()))
        .satisfies(e -> refusal[0] = e);
    return refusal[0].status();
  }

  @Test
  void isTheVersionInQuotes() {
    assertThat(EntityTag.of(atVersion3())).isEqualTo("\"3\"");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"*", " * ", "\"3\"", "\"1\", \"3\"", "\"1\",\"3\" ", "W/\"1\", \"3\""})
  void letsPass(String ifMatch) {
    assertThatCode(() -> EntityTag.require(ifMatch, atVersion3())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"2\"", "\"33\"", "\"\"", "W/\"3\"", "\"1\", W/\"3\"", "\"1,3\""})
  void doesNotMatch(String ifMatch) {
    assertThat(refusal(ifMatch)).isEqualTo(412);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "\"3", "\"3\" \"4\"", "\"3\",", "*, \"3\"", "w/\"3\""})
  void isNoListOfTags(String ifMatch) {
    assertThat(refusal(ifMatch)).isEqualTo(400);
  }
}
