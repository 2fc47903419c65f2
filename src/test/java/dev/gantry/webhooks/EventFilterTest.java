package dev.gantry.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {
  private static final String PAYLOAD =
      "{\"severity\": \"high\", \"count\": 3, \"tags\": [\"a\", \"b\"], \"none\": [], \"no\": false}";

  private static boolean passes(String expression) {
    return EventFilter.passes(expression, Event.read(PAYLOAD.getBytes(UTF_8)).json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "severity == 'high'; true",
        "severity == 'low'; false",
        "count > `2` && contains(tags, 'a'); true",
        "tags[?@ == 'c']; false",
        "tags[?@ == 'b']; true",
        "severity; true",
        "none; false",
        "no; false",
        "absent.at.all; false",
        "count; true",
      })
  void whatIsFoundPasses(String expression, boolean passes) {
    assertThat(passes(expression)).isEqualTo(passes);
  }

  @Test
  void noFilterLetsAllPass() {
    assertThat(passes("")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a ==", "[", "nofunction(@)", "length()"})
  void saysWhatIsNoExpression(String expression) {
    Fields fields = new Fields();

    EventFilter.check("filter", expression, fields);

    assertThatThrownBy(fields::check).isInstanceOf(ApiException.class);
  }

  @Test
  void saysWhatCannotBeApplied() {
    assertThatThrownBy(() -> passes("length(count)")).isInstanceOf(ApiException.class);
  }

  /** Each of these would double what the one before it made, a hundred times. */
  @ParameterizedTest
  @ValueSource(strings = {"[@,@][]|", "[to_string(@),to_string(@)]|"})
  @Timeout(20)
  void whatGrowsIsBounded(String doubling) {
    String expression = doubling.repeat(30) + "@";

    assertThatThrownBy(() -> passes(expression))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.details()).extractingByKey("error").asString().contains("too much"));
  }
}
