package dev.gantry.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.http.ApiException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  private static Map<String, Object> details(Fields fields) {
    return catchThrowableOfType(ApiException.class, fields::check).details();
  }

  @Test
  void hasNoFaultInWhatWasNotGiven() {
    new Fields()
        .line("a", null, 1)
        .lineOrEmpty("b", null, 1)
        .text("c", null, 1)
        .oneOf("d", null, List.of())
        .names("e", null)
        .variables("f", null)
        .check();
  }

  @Test
  void takesWhatIsJustWithinItsBounds() {
    new Fields()
        .line("line", "🙂".repeat(5), 5)
        .lineOrEmpty("empty", "", 5)
        .text("text", "tab\tand\r\nlines", 14)
        .text("text", "é".repeat(4), 8)
        .oneOf("one", "b", List.of("a", "b"))
        .names("names", Collections.nCopies(100, "x"))
        .variables("variables", Map.of("_A1", ""))
        .check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "123456", "a\nb", "nul\0", "\ud800"})
  void isNoLine(String value) {
    assertThat(details(new Fields().line("name", value, 5))).containsEntry("field", "name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"éé", "nul\0", "\u0007", "\udc00"})
  void isNoText(String value) {
    assertThat(details(new Fields().text("text", value, 3))).containsEntry("field", "text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1A", "A-B", "A B", "A=B", "Ä"})
  void isNoVariable(String name) {
    assertThat(details(new Fields().variables("env", Map.of(name, "x"))))
        .containsEntry("field", "env." + name);
  }

  @Test
  void namesTheItemThatIsNull() {
    assertThat(details(new Fields().names("names", Arrays.asList("a", null))))
        .isEqualTo(Map.of("field", "names[1]", "error", "is required"));
  }

  @Test
  void limitsTheNumberOfItems() {
    assertThat(details(new Fields().names("names", Collections.nCopies(101, "x"))))
        .isEqualTo(Map.of("field", "names", "error", "must have at most 100 entries"));
  }

  @Test
  void tellsWhichValuesThereAre() {
    assertThat(details(new Fields().oneOf("status", "on", List.of("active", "inactive"))))
        .containsEntry("error", "'on' is not known; there is: active, inactive");
  }

  @Test
  void tellsAllFaultsAtOnceAndTheFirstOneByItself() {
    Map<String, Object> details =
        details(new Fields().required("name", null).oneOf("status", "x", List.of("y")));

    assertThat(details)
        .containsEntry("field", "name")
        .containsEntry("error", "is required")
        .containsEntry(
            "faults",
            List.of(
                Map.of("field", "name", "error", "is required"),
                Map.of("field", "status", "error", "'x' is not known; there is: y")));
  }
}
